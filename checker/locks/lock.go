package locks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// lock is an object, and who holds it so far.
type lock struct {
	kind
	name       string
	operations []*history.Operation
	acquired   int // how often

	holders map[int32]*holder  // by process
	held    int                // permits, or 1
	newest  *history.Operation // the acquire with the largest token so far; nil if there was no token
	ended   *history.Operation // the release that ended that hold; nil if none did
}

// holder is a process that holds a lock. It is kept, with no acquires, when it holds it no more.
type holder struct {
	acquires []*history.Operation // those that are not released
	released *history.Operation   // the last release
	token    *history.Operation   // the acquire that told the token of this hold; nil if none did
}

// wrong finds the first thing that is wrong with a lock; nil if nothing is.
func (l *lock) wrong(clock *timebound.Clock) (*checker.Finding, error) {
	for _, m := range moments(l.operations, clock) {
		clock.Spend(1)
		h := l.holders[m.op.Process]
		if h == nil {
			h = &holder{}
			l.holders[m.op.Process] = h
		}
		switch {
		case m.op.F == ops.Acquire:
			if f, err := l.acquire(h, m.op); f != nil || err != nil {
				return f, err
			}
		case len(h.acquires) > 0:
			l.release(h, m.op)
		case m.op.Outcome == history.OK: // otherwise it has had no effect
			return l.unowned(m.op, h), nil
		}
	}
	return nil, nil
}

func (l *lock) release(h *holder, op *history.Operation) {
	h.acquires, h.released = h.acquires[:len(h.acquires)-1], op
	if l.semaphore || len(h.acquires) == 0 {
		l.held--
		if h.token != nil && h.token == l.newest {
			l.ended = op
		}
		h.token = nil
	}
}

func (l *lock) acquire(h *holder, op *history.Operation) (*checker.Finding, error) {
	l.acquired++
	again := len(h.acquires) > 0 && l.reentrant
	most, err := l.most(op)
	if err != nil {
		return nil, err
	}
	if !again && l.held >= most {
		return l.shared(op, most), nil
	}
	if f := l.fence(h, op); f != nil {
		return f, nil
	}
	if h.acquires = append(h.acquires, op); !again {
		l.held++
	}
	return nil, nil
}

// most is how many can be held at a time.
func (l *lock) most(op *history.Operation) (int, error) {
	if !l.semaphore {
		return 1, nil
	}
	if l.permits > 0 {
		return l.permits, nil
	}
	n, ok := op.Input.Int()
	if !ok || n < 1 {
		return 0, fmt.Errorf("process %d's acquire at %v does not say how many permits there are: its argument is %s", op.Process, op.Invoke, given(op.Input))
	}
	return int(n), nil
}

func given(v history.Value) string { return cmp.Or(v.String(), "missing") }

// fence compares the token of an acquire with those before.
func (l *lock) fence(h *holder, op *history.Operation) *checker.Finding {
	token, ok := token(op.Output)
	if !ok || l.semaphore {
		return nil
	}
	if before, ok := tokenOf(h.token); ok {
		if before == token {
			return nil
		}
		return l.finding(fenced, "another token", fmt.Sprintf("process %d held %s with the token %d and acquired it again with %d",
			op.Process, l, before, token), h.token, op)
	}
	if newest, ok := tokenOf(l.newest); ok && token <= newest {
		show := []*history.Operation{l.newest, op}
		if l.ended != nil {
			show = append(show, l.ended)
		}
		return l.finding(fenced, "token not larger", fmt.Sprintf("process %d acquired %s with the token %d after process %d had held it with %d",
			op.Process, l, token, l.newest.Process, newest), show...)
	}
	l.newest, l.ended, h.token = op, nil, op
	return nil
}

// tokenOf is the token that an acquire returned; false if there is none.
func tokenOf(op *history.Operation) (int64, bool) {
	if op == nil {
		return 0, false
	}
	return token(op.Output)
}

// token reads what an acquire returned; false if that is no token.
func token(v history.Value) (int64, bool) {
	if n, ok := v.Int(); ok {
		return n, true
	}
	entries, _ := v.Map()
	for _, e := range entries {
		name, _ := e[0].Text()
		if literal, ok := e[0].Literal(); ok {
			name = literal
		}
		if n, ok := e[1].Int(); ok && (name == ":fence" || name == "fence") {
			return n, n != 0
		}
	}
	return 0, false
}

// shared is the finding that too much was held when an acquire returned.
func (l *lock) shared(op *history.Operation, most int) *checker.Finding {
	show := []*history.Operation{op}
	var last *history.Operation // of the acquires before
	for _, process := range slices.Sorted(maps.Keys(l.holders)) {
		h := l.holders[process]
		for i, a := range h.acquires {
			if !l.semaphore && i > 0 { // the lock is held from the first on
				break
			}
			show = append(show, a)
			if last == nil || a.Returned > last.Returned {
				last = a
			}
		}
		show = append(show, l.releasesAfter(process, op, len(h.acquires))...)
	}
	if l.semaphore {
		return l.finding(exclusive, "too many permits", fmt.Sprintf("process %d acquired a permit of %s while %s of %s were held",
			op.Process, l, wording.Grouped(most), wording.Grouped(most)), show...)
	}
	if last.Process == op.Process {
		return l.finding(exclusive, "acquired twice", fmt.Sprintf("process %d acquired %s, which it held already", op.Process, l), show...)
	}
	since := ""
	if d := op.Return - last.Return; d > 0 { // else the history has no times
		since = fmt.Sprintf(", %s after process %d had acquired it", wording.Duration(d), last.Process)
	}
	return l.finding(exclusive, "held by two", fmt.Sprintf("process %d acquired %s while process %d held it%s", op.Process, l, last.Process, since), show...)
}

// releasesAfter are the releases with which a process gives back, after an operation, what it held then.
func (l *lock) releasesAfter(process int32, op *history.Operation, held int) []*history.Operation {
	var all []*history.Operation
	for _, o := range l.operations {
		if o.F == ops.Release && o.Process == process && o.Outcome != history.Fail && o.Invoked > op.Returned && len(all) < held {
			all = append(all, o)
		}
	}
	if !l.semaphore && len(all) > 1 { // the lock is held until the last
		all = all[len(all)-1:]
	}
	return all
}

// unowned is the finding that a process released what it did not hold.
func (l *lock) unowned(op *history.Operation, h *holder) *checker.Finding {
	show := []*history.Operation{op}
	sentence := fmt.Sprintf("process %d released %s, which it had not acquired", op.Process, l)
	if h.released != nil {
		show = append(show, l.before(h.released)...)
		sentence = fmt.Sprintf("process %d released %s, which it had released before", op.Process, l)
	}
	return l.finding(owned, "not held", sentence, show...)
}

// before is a release with the acquire that it ends.
func (l *lock) before(release *history.Operation) []*history.Operation {
	var acquire *history.Operation
	for _, o := range l.operations {
		if o.F == ops.Acquire && o.Process == release.Process && o.Outcome == history.OK && o.Returned < release.Invoked {
			acquire = o
		}
	}
	if acquire == nil {
		return []*history.Operation{release}
	}
	return []*history.Operation{acquire, release}
}

func (l *lock) finding(rule, anomaly, sentence string, show ...*history.Operation) *checker.Finding {
	f := &checker.Finding{Rule: rule, Anomaly: anomaly, On: l.name, Validity: checker.Invalid, Sentence: sentence, Total: len(l.operations)}
	var shown []history.Operation
	for _, op := range show {
		shown = append(shown, *op)
	}
	f.Show(shown...)
	return f
}

// String names the lock in a sentence.
func (l *lock) String() string {
	return cmp.Or(l.name, "the "+l.noun())
}
