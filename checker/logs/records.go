package logs

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker/internal/cases"
	"faultline/history"
	"faultline/internal/timebound"
)

// record is one value that was sent to a log, or polled from it.
type record struct {
	value  history.Value
	offset int64 // the first that was told; unknown if none was
	sent   int32 // the operation; none if there is none
	polled int32 // the first operation that polled it; none if there is none
	told   int32 // the operation that told the offset
}

// none is no operation.
const none = -1

// named identifies a value in a log: an integer by itself, anything else by its JSON.
type named struct {
	log  int32
	n    int64
	text string
}

func identity(log int32, v history.Value) named {
	if n, ok := v.Int(); ok {
		return named{log, n, ""}
	}
	return named{log, 0, v.String()}
}

// place is an offset in a log.
type place struct {
	log    int32
	offset int64
}

// told is which record is at a place, and the first operation that told so.
type told struct{ record, by int32 }

// knowledge is what is known of all records.
type knowledge struct {
	*logs
	cases    cases.Cases
	records  []record
	byValue  map[named]int32
	byOffset map[place]told
	orders   [][]int64 // log → all known offsets, in order
	highest  []end     // log → the largest offset that was polled, unknown if none was, and by which operation
}

// learn collects what is known. It is an error if a value was sent twice.
func learn(l *logs) (*knowledge, error) {
	k := &knowledge{logs: l, byValue: map[named]int32{}, byOffset: map[place]told{}, orders: make([][]int64, len(l.names))}
	for range l.names {
		k.highest = append(k.highest, end{offset: unknown})
	}
	for i := range l.clock.UpTo(len(l.steps)) {
		if s := &l.steps[i]; s.sent {
			r := k.record(s)
			if r.sent != none {
				return nil, fmt.Errorf("process %d and process %d both send %v to %s: a value must be sent once",
					l.operations[r.sent].Process, l.operations[s.op].Process, s.value, l.names[s.log])
			}
			r.sent = s.op
			k.at(s, r)
		}
	}
	for i := range l.clock.UpTo(len(l.steps)) {
		if s := &l.steps[i]; !s.sent {
			r := k.record(s)
			if r.polled == none {
				r.polled = s.op
			}
			if s.offset > k.highest[s.log].offset {
				k.highest[s.log] = end{s.op, s.call, s.offset}
			}
			k.at(s, r)
		}
	}
	for p := range k.byOffset {
		k.orders[p.log] = append(k.orders[p.log], p.offset)
	}
	for _, offsets := range k.orders {
		timebound.SortFunc(l.clock, offsets, cmp.Compare[int64])
	}
	return k, nil
}

// record is that of a step.
func (k *knowledge) record(s *step) *record {
	key := identity(s.log, s.value)
	i, ok := k.byValue[key]
	if !ok {
		i = int32(len(k.records))
		k.byValue[key] = i
		k.records = append(k.records, record{value: s.value, offset: unknown, sent: none, polled: none, told: none})
	}
	return &k.records[i]
}

// at notes the offset of a record.
func (k *knowledge) at(s *step, r *record) {
	if s.offset == unknown {
		return
	}
	p := place{s.log, s.offset}
	mine := k.byValue[identity(s.log, s.value)]
	if other, ok := k.byOffset[p]; !ok {
		k.byOffset[p] = told{mine, s.op}
	} else if other.record != mine {
		k.broken("inconsistent-offsets", s.log, []int32{other.by, s.op}, "offset %d of %s has %v, as %s was told, and %v, as %s was told",
			s.offset, k.names[s.log], k.records[other.record].value, k.who(other.by), s.value, k.who(s.op))
	}
	if r.offset == unknown {
		r.offset, r.told = s.offset, s.op
	} else if r.offset != s.offset {
		k.broken("duplicate", s.log, []int32{r.sent, r.told, s.op}, "%v is in %s twice, at offsets %d and %d", s.value, k.names[s.log], r.offset, s.offset)
	}
}

// between counts the known offsets between two.
func (k *knowledge) between(log int32, a, b int64) int {
	offsets := k.orders[log]
	i, _ := slices.BinarySearch(offsets, a+1)
	j, _ := slices.BinarySearch(offsets, b)
	return j - i
}

// who names an operation: "process 7's poll".
func (k *knowledge) who(op int32) string {
	return fmt.Sprintf("process %d's %s", k.operations[op].Process, k.operations[op].F)
}
