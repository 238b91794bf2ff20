package txn

import (
	"fmt"
	"math"

	"faultline/checker"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/internal/weak"
)

// byViews decides monotonic atomic view of lists: a transaction that has read from another one reads no older version of what that one wrote (Bailis et al.
// 2013; the axiom of read committed of Biswas and Enea 2019). The keys of a scan are read one after the other.
func byViews(a *analysis) answer {
	v := &viewed{a: a, h: a.record, due: make([]due, a.record.Keys.Len())}
	for t, committed := range a.record.Committed {
		if committed {
			if older := v.transaction(int32(t)); older != nil {
				return answer{validity: checker.Invalid, finding: *older}
			}
		}
	}
	return answer{validity: checker.Valid}
}

// viewed is what a transaction has to read, as it has read from others.
type viewed struct {
	a   *analysis
	h   *record.History
	due []due // of each key
}

// due is the oldest version that may still be read of a key, and why: a read from the transaction that wrote it.
type due struct {
	reader            int32 // 1 more than the transaction that it is due to
	place             int32 // of the version
	seen, read, write int32 // steps: a write of its writer, the read of that, and the write of the version
}

// transaction goes through the reads of a transaction. It returns what it finds.
func (v *viewed) transaction(t int32) *checker.Finding {
	for step := v.h.First[t]; step < v.h.First[t+1]; step++ {
		switch kind := v.h.Steps.Kind[step]; {
		case kind == record.Scan:
			for key := range v.h.Absent(step) {
				if d := v.due[key]; d.reader == t+1 {
					return v.older(d, step, key)
				}
			}
		case kind.IsRead():
			key := v.h.Steps.Key[step]
			if d := v.due[key]; d.reader == t+1 && v.before(step, d.place) {
				return v.older(d, step, key)
			}
			v.see(step)
		}
	}
	return nil
}

// before reports whether a read is of a version before a place. What a transaction read of its own writes is none of a version.
func (v *viewed) before(read, place int32) bool {
	saw := v.h.Steps.Saw[read]
	if saw < 0 {
		return saw == record.Initial
	}
	return v.h.Steps.Txn[saw] != v.h.Steps.Txn[read] && v.h.Steps.Saw[saw] < place
}

// see notes what is due since a read. An append that nobody read comes behind all others.
func (v *viewed) see(read int32) {
	saw, t := v.h.Steps.Saw[read], v.h.Steps.Txn[read]
	if saw < 0 || v.h.Steps.Txn[saw] == t {
		return
	}
	writer := v.h.Steps.Txn[saw]
	for write := v.h.First[writer]; write < v.h.First[writer+1]; write++ {
		if v.h.Steps.Kind[write] != record.Write {
			continue
		}
		place := v.h.Steps.Saw[write]
		if place < 0 {
			place = math.MaxInt32
		}
		if d := &v.due[v.h.Steps.Key[write]]; d.reader != t+1 || d.place < place {
			*d = due{t + 1, place, saw, read, write}
		}
	}
}

// older tells of a read of a version that is older than what is due.
func (v *viewed) older(d due, read, key int32) *checker.Finding {
	a, n := v.a, v.a.names()
	reader, writer := n.of(v.h.Steps.Txn[read]), n.of(v.h.Steps.Txn[d.seen])
	name := v.h.Keys.Name(key)
	f := checker.Finding{Anomaly: weak.NonMonotonicRead, On: shown(name)}
	f.Sentence = fmt.Sprintf("%s %s before %s %s; after that %s %s before %s %s", writer, a.wrote(d.seen), reader,
		a.read(d.read, v.h.Keys.Name(v.h.Steps.Key[d.read])), reader, a.read(read, name), writer, a.wrote(d.write))
	f = a.shown(f, nil, n)
	return &f
}
