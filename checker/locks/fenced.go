package locks

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// FencedPart is the name of the part that Fenced makes.
const FencedPart = "fenced-locks"

// Fenced asks whether the tokens of locks protect what the locks protect, though a lock may be lost while it is held, as one is that
// depends on a lease. Several may believe at once that they hold it: that is counted, and breaks no rule.
//
//	fenced      an acquire has a larger token than every acquire that had returned before, and no two have the same
//	guarded     the register of a lock takes no write with a smaller token than one that was acknowledged or read before, and no
//	            read returns one
//
// Both hold exactly if there is an order of the acquires that agrees with real time and in which tokens grow, and one of the writes and reads
// in which they never shrink. To order by token is enough: that breaks real time only where an operation has returned before one was called
// that has a smaller token. Values are not looked at, nor writes of unknown outcome.
func Fenced() checker.Checker {
	return perkey.Kind{
		Part: FencedPart, Noun: "lock",
		Functions: []string{ops.Acquire, ops.Release, ops.FencedWrite, ops.Read},
		Begin:     func() perkey.Judge { return new(fencing) },
	}.Checker()
}

// fencing judges fenced locks.
type fencing struct {
	acquired int
	taken    int // acquires of a lock that its last holder had not given back
	written  int
	refused  int // writes, for their tokens
}

func (j *fencing) Judge(o *perkey.Object) []checker.Finding {
	acquires, accesses, unreadable := tokensOf(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	j.count(o)
	var found []checker.Finding
	if before, op := firstBehind(acquires, true); op != nil {
		found = append(found, o.Found(fenced, fmt.Sprintf("process %d acquired %s with the token %d; process %d had acquired it with %d before",
			op.Process, o.The(), op.token, before.Process, before.token), before.Operation, op.Operation))
	}
	if before, op := firstBehind(accesses, false); op != nil {
		found = append(found, o.Found("guarded", fmt.Sprintf("%s after %s", op.did("what "+o.The()+" protects"), before.hadDone()), before.Operation, op.Operation))
	}
	return found
}

// count counts what is worth telling and breaks no rule.
func (j *fencing) count(o *perkey.Object) {
	var holder *int32 // the last process that acquired it, unless that has given it back
	for _, m := range moments(o.Operations, o.Clock) {
		switch process := m.op.Process; {
		case m.op.F == ops.Acquire:
			j.acquired++
			if holder != nil {
				j.taken++
			}
			holder = &process
		case holder != nil && *holder == process:
			holder = nil
		}
	}
	for _, op := range o.Operations {
		switch {
		case op.F == ops.FencedWrite && op.Outcome == history.OK:
			j.written++
		case op.F == ops.FencedWrite && op.Compared():
			j.refused++
		}
	}
}

func (j *fencing) Held() (string, bool) {
	if j.acquired == 0 {
		return "nothing was ever acquired", false
	}
	text := fmt.Sprintf("tokens grew in %s, of which %s of a lock that nobody had given back; %s",
		wording.Count(j.acquired, "acquire"), wording.Were(j.taken), wording.Count(j.written, "guarded write"))
	if j.refused > 0 {
		text += fmt.Sprintf(", and %s refused for an older token", wording.Grouped(j.refused))
	}
	return text, true
}

// tokened is an operation with the token that it had or found.
type tokened struct {
	*history.Operation
	token int64
}

// nothingYet is the token of a read that finds nothing written.
const nothingYet = math.MinInt64

// did says what an operation did to a register.
func (t tokened) did(register string) string {
	switch {
	case t.F != ops.Read:
		return fmt.Sprintf("process %d wrote %s with the token %d", t.Process, register, t.token)
	case t.token == nothingYet:
		return fmt.Sprintf("process %d read %s and found nothing", t.Process, register)
	default:
		return fmt.Sprintf("process %d read %s and found the token %d", t.Process, register, t.token)
	}
}

// hadDone says what an operation had done to the register before.
func (t tokened) hadDone() string {
	if t.F == ops.Read {
		return fmt.Sprintf("process %d had found the token %d", t.Process, t.token)
	}
	return fmt.Sprintf("process %d had written it with the token %d", t.Process, t.token)
}

// tokensOf are the acquires of a lock, and the writes and reads of its register, that were ok; or the finding that one cannot be read.
func tokensOf(o *perkey.Object) (acquires, accesses []tokened, unreadable *checker.Finding) {
	for _, op := range o.Operations {
		if op.Outcome != history.OK || op.F == ops.Release {
			continue
		}
		t, why := tokenIn(op)
		switch {
		case why != nil:
			f := o.Unreadable(op, why.Error())
			return nil, nil, &f
		case op.F == ops.Acquire:
			acquires = append(acquires, tokened{op, t})
		default:
			accesses = append(accesses, tokened{op, t})
		}
	}
	return acquires, accesses, nil
}

func tokenIn(op *history.Operation) (int64, error) {
	if op.F == ops.Acquire {
		t, ok := token(op.Output)
		if !ok {
			return 0, fmt.Errorf("it returned %s, which is no token", given(op.Output))
		}
		return t, nil
	}
	v := op.Input
	if op.F == ops.Read {
		if v = op.Output; v.Kind() == history.Nil {
			return nothingYet, nil
		}
	}
	f, err := ops.DecodeFenced(v)
	return f.Token, err
}

// firstBehind is the first operation to return whose token is smaller than that of one that had returned before it was called, or also
// equal to one at any time if tokens must grow; nil if there is none.
func firstBehind(all []tokened, grow bool) (before, op *tokened) {
	newest := newestBefore(all)
	had := map[int64]*tokened{}
	returning := slices.SortedFunc(slices.Values(pointers(all)), func(a, b *tokened) int { return cmp.Compare(a.Returned, b.Returned) })
	for _, t := range returning {
		if n := newest[t.Invoked]; n != nil && n.token > t.token {
			return n, t
		}
		if same := had[t.token]; grow && same != nil {
			return same, t
		}
		had[t.token] = t
	}
	return nil, nil
}

// newestBefore is, for each operation by the place of its invocation, the one with the largest token of those that had returned by then.
func newestBefore(all []tokened) map[int32]*tokened {
	type end struct {
		at      int32
		of      *tokened
		returns bool
	}
	var ends []end
	for _, t := range pointers(all) {
		ends = append(ends, end{t.Invoked, t, false}, end{t.Returned, t, true})
	}
	slices.SortFunc(ends, func(a, b end) int { return cmp.Compare(a.at, b.at) })
	before := map[int32]*tokened{}
	var newest *tokened
	for _, e := range ends {
		switch {
		case !e.returns:
			before[e.of.Invoked] = newest
		case newest == nil || e.of.token > newest.token:
			newest = e.of
		}
	}
	return before
}

func pointers(all []tokened) (pointers []*tokened) {
	for i := range all {
		pointers = append(pointers, &all[i])
	}
	return pointers
}
