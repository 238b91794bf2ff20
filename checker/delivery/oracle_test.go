package delivery_test

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"faultline/cluster/ops"
	"faultline/history"
)

// oracle decides by the definition whether a feed of a few operations has a history: it tries every position for every write of
// unknown outcome. It knows no rule by name, and shares nothing with the checker but the vocabulary.
type oracle struct {
	all      []history.Operation
	watch    bool
	settled  int32 // the first position in the history that is final
	farthest int64
	at       map[int]int64 // the position of each write that took effect
}

// entryAt is what a position holds.
type entryAt struct {
	at         int64
	key, value string
}

// explained tries all positions of the i-th operation and of those after it.
func (o *oracle) explained(i int) bool {
	if i == len(o.all) {
		return o.holds()
	}
	op := o.all[i]
	if !isWrite(op) || op.Outcome == history.Fail {
		return o.explained(i + 1)
	}
	defer delete(o.at, i)
	if op.Outcome == history.OK {
		parts, _ := op.Output.List()
		o.at[i], _ = parts[0].Int()
		return o.explained(i + 1)
	}
	if o.explained(i + 1) { // it never took effect
		return true
	}
	for at := int64(1); at <= o.farthest; at++ {
		o.at[i] = at
		if o.explained(i + 1) {
			return true
		}
	}
	return false
}

func isWrite(op history.Operation) bool {
	return op.F == ops.Send || op.F == ops.Put || op.F == ops.Remove
}

// holds reports whether all operations agree with what the positions hold.
func (o *oracle) holds() bool {
	var held []entryAt
	owners := map[int64]int{}
	for i := range o.all {
		at, ok := o.at[i]
		if !ok {
			continue
		}
		if _, taken := owners[at]; taken {
			return false
		}
		owners[at] = i
		held = append(held, written(o.all[i], at)...)
	}
	for _, op := range o.all {
		if !isWrite(op) && !o.reads(op, held) {
			return false
		}
	}
	return o.inTime(owners)
}

func written(op history.Operation, at int64) []entryAt {
	switch several, isMap := op.Input.Map(); {
	case op.F == ops.Send:
		return []entryAt{{at, "", op.Input.String()}}
	case op.F == ops.Remove:
		return []entryAt{{at, op.Key, "null"}}
	case isMap:
		var all []entryAt
		for _, kv := range several {
			key, _ := kv[0].Text()
			all = append(all, entryAt{at, key, kv[1].String()})
		}
		return all
	default:
		return []entryAt{{at, op.Key, op.Input.String()}}
	}
}

// reads reports whether a reading is what it should be, given all there is. A final one that is in vain comes after the last.
func (o *oracle) reads(op history.Operation, held []entryAt) bool {
	from, _ := op.Input.Int()
	got, marked := o.entries(op)
	through := from - 1
	for _, e := range got {
		through = max(through, e.at)
	}
	for _, m := range marked {
		through = max(through, m.at)
	}
	if through < from && op.Invoked >= o.settled {
		through = math.MaxInt64
	}
	var want []entryAt
	prefix := op.Key
	if !o.watch {
		prefix = ""
	}
	for _, e := range held {
		if from <= e.at && e.at <= through && strings.HasPrefix(e.key, prefix) {
			want = append(want, e)
		}
	}
	if !slices.IsSortedFunc(got, func(a, b entryAt) int { return cmp.Compare(a.at, b.at) }) {
		return false
	}
	for _, m := range marked {
		if slices.ContainsFunc(got[m.value:], func(e entryAt) bool { return e.at <= m.at }) {
			return false
		}
	}
	order := func(a, b entryAt) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.key, b.key)) }
	return slices.Equal(slices.SortedFunc(slices.Values(got), order), slices.SortedFunc(slices.Values(want), order))
}

// notice is that all up to a position was delivered, told before the entry with that index.
type notice struct {
	at    int64
	value int
}

func (o *oracle) entries(op history.Operation) (got []entryAt, marked []notice) {
	list, _ := op.Output.List()
	for _, e := range list {
		parts, _ := e.List()
		at, _ := parts[0].Int()
		switch {
		case !o.watch:
			got = append(got, entryAt{at, "", parts[1].String()})
		case len(parts) == 1:
			marked = append(marked, notice{at, len(got)})
		default:
			key, _ := parts[1].Text()
			got = append(got, entryAt{at, key, parts[2].String()})
		}
	}
	return got, marked
}

// inTime reports whether there are moments, growing with the positions, at which the writes took effect: each while its operation was
// under way, and before anybody had read so far.
func (o *oracle) inTime(owners map[int64]int) bool {
	earliest := int32(-1)
	for at := int64(0); at <= o.farthest; at++ {
		latest := int32(math.MaxInt32)
		if i, ok := owners[at]; ok {
			earliest = max(earliest, o.all[i].Invoked)
			if o.all[i].Outcome == history.OK {
				latest = o.all[i].Returned
			}
		}
		if earliest > min(latest, o.readAt(at)) {
			return false
		}
	}
	return true
}

// readAt is when somebody first had read up to a position.
func (o *oracle) readAt(at int64) int32 {
	first := int32(math.MaxInt32)
	for _, op := range o.all {
		if isWrite(op) {
			continue
		}
		got, marked := o.entries(op)
		through := int64(-1)
		for _, e := range got {
			through = max(through, e.at)
		}
		for _, m := range marked {
			through = max(through, m.at)
		}
		if from, _ := op.Input.Int(); through >= from && through >= at {
			first = min(first, op.Returned)
		}
	}
	return first
}
