package ladder

import (
	"cmp"
	"math"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/history/stats"
	"faultline/internal/timebound"
)

// Measures are numbers about the reads of a run, or the sums of many runs. Where a model says only whether something went
// wrong, they say how often. They count operations named read; a cas that tells what it found is evidence, but is no read.
//
// A version is certainly newer than another if it was invoked after the other one was certainly there: after its write had
// returned, or an operation that saw it. So each count is what real time proves and may be too low, and never too high,
// for a store in which writes keep real time. One in which they need not can be counted out of order, and break nothing.
type Measures struct {
	Runs int `json:"runs"`
	// Reads tell a value.
	Reads int `json:"reads"`
	// Judged are the reads whose values have a known write. All that follows is about them.
	Judged     int        `json:"judged"`
	Violations Violations `json:"violations"`
	// Fresh reads missed no write that had certainly taken effect before they were invoked.
	Fresh int `json:"fresh"`
	// Behind is how many versions a read missed, Age for how long the first one of them had certainly been there when the
	// read was invoked. Both are lower bounds, and 0 for a fresh read.
	Behind Counts        `json:"behind"`
	Age    stats.Latency `json:"age"`
}

// Violations count the reads that break something, a read for each thing that it breaks.
type Violations struct {
	// Stale reads missed a write that had certainly taken effect before they were invoked: no linearizable store gives them.
	Stale int `json:"stale"`
	// ThinAir reads saw what nobody had written, or only writes that certainly failed.
	ThinAir int `json:"thin_air"`
	// MonotonicReads: the session had read a newer version of the key, or had turned from this one to another.
	MonotonicReads int `json:"monotonic_reads"`
	// ReadYourWrites: the session had written a newer version of the key.
	ReadYourWrites int `json:"read_your_writes"`
	// WritesFollowReads: the session had read what another one wrote after it had read a newer version of the key.
	WritesFollowReads int `json:"writes_follow_reads"`
	// MonotonicWrites: the session had read what another one wrote after it had written a newer version of the key.
	MonotonicWrites int `json:"monotonic_writes"`
}

func (v *Violations) add(w Violations) {
	v.Stale += w.Stale
	v.ThinAir += w.ThinAir
	v.MonotonicReads += w.MonotonicReads
	v.ReadYourWrites += w.ReadYourWrites
	v.WritesFollowReads += w.WritesFollowReads
	v.MonotonicWrites += w.MonotonicWrites
}

// Add makes m the measures of the runs of both.
func (m *Measures) Add(n Measures) {
	m.Runs += n.Runs
	m.Reads += n.Reads
	m.Judged += n.Judged
	m.Fresh += n.Fresh
	m.Violations.add(n.Violations)
	m.Behind.Add(n.Behind)
	m.Age.Add(n.Age)
}

// Measure computes the measures of a run from its client operations. Operations that are not those of a register count as
// none.
func Measure(ops []history.Operation) Measures {
	m := Measures{Runs: 1}
	for i := range ops {
		if ops[i].F == "read" && ops[i].Outcome == history.OK {
			m.Reads++
		}
	}
	c := timebound.New(math.MaxInt64) // that is to say none
	r := read(byInvocation(ops, c), checker.Initial{}, c)
	if r.bad != nil {
		return m
	}
	w := newDated(r)
	m.freshness(w)
	m.sessions(w)
	return m
}

// dated is a reading with the positions between which its versions certainly came to be there.
type dated struct {
	*reading
	begun   []int32 // of a write: where it was invoked
	there   []int32 // where it was certainly there; never if nothing shows that
	since   []time.Duration
	changed []int32 // the cas that read a version and replaced it
}

const never = math.MaxInt32

func newDated(r *reading) *dated {
	n := len(r.ops)
	w := &dated{reading: r, begun: make([]int32, n), there: make([]int32, n), since: make([]time.Duration, n), changed: make([]int32, n)}
	for i := range r.bound.UpTo(len(r.ops)) {
		w.begun[i], w.there[i], w.changed[i] = r.op(int32(i)).Invoked, never, nothing
	}
	for i := range r.bound.UpTo(len(r.ops)) {
		o, h := &r.ops[i], r.op(int32(i))
		if o.writes && o.from >= 0 {
			w.changed[o.from] = int32(i)
		}
		if h.Outcome == history.Info {
			continue
		}
		for _, v := range [...]int32{int32(i), o.from} {
			if v >= 0 && h.Returned < w.there[v] {
				w.there[v], w.since[v] = h.Returned, h.Return
			}
		}
	}
	return w
}

// certain is where a version was certainly there, the initial one before everything.
func (w *dated) certain(version int32) int32 {
	if version == initial {
		return -1
	}
	return w.there[version]
}

// freshness compares each read with the writes of its key.
func (m *Measures) freshness(w *dated) {
	writes, reads := make([][]int32, len(w.keys)), make([][]int32, len(w.keys))
	for i := range w.bound.UpTo(len(w.ops)) {
		o := &w.ops[i]
		if o.writes {
			writes[o.key] = append(writes[o.key], int32(i))
		}
		if w.op(int32(i)).F == "read" {
			reads[o.key] = append(reads[o.key], int32(i))
		}
	}
	ages := stats.Latency{}
	behind := map[int]int{}
	for k := range w.keys {
		key := newOverdue(w, writes[k])
		timebound.SortFunc(w.bound, reads[k], func(a, b int32) int { return cmp.Compare(w.begun[a], w.begun[b]) })
		for _, r := range reads[k] {
			w.bound.Spend(16)
			if w.ops[r].from == thinAir {
				m.Violations.ThinAir++
				m.Judged++
				continue
			}
			missed, since := key.missed(r)
			age := time.Duration(0)
			if m.Judged++; missed == 0 {
				m.Fresh++
			} else {
				m.Violations.Stale++
				age = max(0, w.op(r).Invoke-since)
			}
			behind[missed]++
			ages.Record(age)
		}
	}
	m.Behind, m.Age = countsOf(behind), ages
	m.Age.Summarize()
}

// overdue knows the writes of one key, and which of them were certainly there when a read was invoked.
type overdue struct {
	*dated
	byBegin  []int32 // writes by invocation
	byThere  []int32 // and by where they were certainly there
	rank     map[int32]int32
	earliest []int32 // of byBegin[i:], the one that was there first
	counted  int     // how many of byThere are in tree
	tree     []int32 // Fenwick's, over byBegin
}

func newOverdue(w *dated, writes []int32) *overdue {
	o := &overdue{dated: w, byBegin: writes, byThere: slices.Clone(writes), rank: make(map[int32]int32, len(writes)),
		earliest: make([]int32, len(writes)), tree: make([]int32, len(writes)+1)}
	timebound.SortFunc(w.bound, o.byBegin, func(a, b int32) int { return cmp.Compare(w.begun[a], w.begun[b]) })
	timebound.SortFunc(w.bound, o.byThere, func(a, b int32) int { return cmp.Or(cmp.Compare(w.there[a], w.there[b]), cmp.Compare(a, b)) })
	w.bound.Spend(4 * len(writes))
	for i := len(writes) - 1; i >= 0; i-- {
		o.rank[o.byBegin[i]] = int32(i)
		if o.earliest[i] = o.byBegin[i]; i+1 < len(writes) && w.there[o.earliest[i+1]] < w.there[o.earliest[i]] {
			o.earliest[i] = o.earliest[i+1]
		}
	}
	return o
}

// missed counts the versions that a read missed, and says since when the first of them was there. Reads come by invocation.
//
// Missed is what was invoked after the version that was read was certainly there, and was certainly there before the
// read was invoked. So is a cas that replaced that version, whenever it was invoked, and the one that replaced it in turn. Where cas
// replace each other in a circle, which no register does, that ends with the version that was read.
func (o *overdue) missed(r int32) (count int, since time.Duration) {
	begin, version := o.begun[r], o.ops[r].from
	for o.counted < len(o.byThere) && o.there[o.byThere[o.counted]] < begin {
		for i := o.rank[o.byThere[o.counted]] + 1; i < int32(len(o.tree)); i += i & -i {
			o.tree[i]++
		}
		o.counted++
	}
	certain := o.certain(version)
	first, _ := slices.BinarySearchFunc(o.byBegin, certain, func(w, at int32) int { return cmp.Compare(o.begun[w], at) })
	count = o.counted
	for i := first; i > 0; i -= i & -i {
		count -= int(o.tree[i])
	}
	if count > 0 {
		since = o.since[o.earliest[first]]
	}
	if version == initial {
		return count, since
	}
	for next := o.changed[version]; next != nothing && next != version && o.begun[next] < certain && o.there[next] < begin; next = o.changed[next] {
		o.bound.Spend(1)
		if count++; count == 1 || o.since[next] < since {
			since = o.since[next]
		}
	}
	return count, since
}
