package ladder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
)

// explainLeast is what all explanations of a check get together, even if it used up its own time. It is short of the 100 ms to which the
// bound on time is kept.
const explainLeast = 50 * time.Millisecond

// explain makes a breach small and shows it; nil if there is no time for that.
func (c *check) explain(decide decider, b *breach) (w *checker.Finding) {
	if c.explaining == nil {
		c.explaining = c.clock.Another(max(c.clock.Left(), explainLeast))
	}
	e := &explanation{decide: decide, clock: c.explaining}
	if !e.clock.Within(func() { e.shrink(c, b) }) && (e.small == nil || len(e.small.ops) > fewOps) {
		return nil
	}
	small := e.small
	small.rebound(c.clock.Another(explainLeast)) // it is small: this is for what cannot take long
	a := small.ask(decide)
	if a.breach == nil {
		return nil
	}
	b = a.breach
	var refs []int32
	for i := range small.ops {
		refs = append(refs, small.ops[i].ref)
	}
	w = small.show(refs, b.cycle)
	w.Anomaly = b.rule
	w.Sentence = small.sentence(b)
	return w
}

// fewOps is how many ops are shown although there was no time to leave out more of them.
const fewOps = 64

// explanation looks for a small part of a history that a model does not allow either.
type explanation struct {
	decide decider
	clock  *clock
	small  *check // the smallest so far; nil if there is none yet
}

// within is a check of a part of the history.
func (e *explanation) within(c *check, keep func(op) bool) *check {
	kept := make([]bool, len(c.ops))
	for i := range e.clock.UpTo(len(c.ops)) {
		kept[i] = keep(c.ops[i])
	}
	part := &check{reading: c.part(kept), options: c.options, results: map[string]*Result{}, answers: map[string]answer{}}
	part.rebound(e.clock)
	part.thin = part.readFromThinAir()
	return part
}

// rebound has a check keep another bound on time.
func (c *check) rebound(to *clock) { c.clock, c.bound = to, to }

// shrink looks for a part in which nothing can be left out. It begins with what the breach rests on, and leaves out many ops at a time
// first (Zeller and Hildebrandt 2002, delta debugging).
//
// Leaving out is sound, see part: so each part that is invalid shows that the whole is.
func (e *explanation) shrink(c *check, b *breach) {
	rests := map[int32]bool{}
	for _, ref := range b.refs {
		rests[ref] = true
	}
	for _, i := range b.ops {
		rests[c.ops[i].ref] = true
	}
	for _, e := range b.cycle {
		for _, i := range [...]int32{e.from, e.to, e.by[0], e.by[1]} {
			if i >= 0 && len(b.refs) == 0 {
				rests[c.ops[i].ref] = true
			}
		}
	}
	e.small = e.within(c, func(o op) bool { return rests[o.ref] })
	if e.small.ask(e.decide).validity != checker.Invalid {
		e.small = e.within(c, func(op) bool { return true })
	}
	for chunk := len(e.small.ops); chunk > 0; {
		removed := e.leaveOut(chunk)
		switch {
		case chunk > 1:
			chunk = (chunk + 1) / 2
		case !removed:
			return
		}
	}
}

// leaveOut leaves out chunks of ops wherever the rest stays invalid. It reports whether it left out any.
func (e *explanation) leaveOut(chunk int) (any bool) {
	for begin := 0; begin < len(e.small.ops); {
		end := min(begin+chunk, len(e.small.ops))
		gone := map[int32]bool{}
		for i := begin; i < end; i++ {
			gone[e.small.ops[i].ref] = true
		}
		e.clock.Spend(end - begin)
		if rest := e.within(e.small, func(o op) bool { return !gone[o.ref] }); rest.ask(e.decide).validity == checker.Invalid {
			e.small, any = rest, true
		} else {
			begin = end
		}
	}
	return any
}

// show makes a finding of operations and the steps between them, which are edges between ops of this reading.
func (c *check) show(refs []int32, cycle []edge) *checker.Finding {
	slices.SortFunc(refs, func(a, b int32) int { return cmp.Compare(c.all[a].Invoked, c.all[b].Invoked) })
	w := &checker.Finding{Validity: checker.Invalid}
	var intervals []checker.Interval
	for _, ref := range refs {
		o := &c.all[ref]
		text := c.text(ref)
		i := checker.Involved{Process: int(o.Process), Text: text, Invoked: int(o.Invoked), Returned: int(o.Returned)}
		if o.Outcome == history.Info {
			i.Returned = -1
		}
		w.Operations = append(w.Operations, i)
		intervals = append(intervals, checker.Interval{Label: fmt.Sprintf("process %d  %s", o.Process, text),
			Invoked: o.Invoked, Returned: o.Returned, UntilEver: o.Outcome == history.Info})
	}
	w.Picture = checker.Picture(intervals)
	position := func(i int32) int {
		if i < 0 {
			return -1
		}
		return slices.Index(refs, c.ops[i].ref)
	}
	for _, e := range cycle {
		w.Steps = append(w.Steps, c.step(e, position(e.from), position(e.to)))
	}
	return w
}

// step is an edge between two operations of a finding.
func (c *check) step(e edge, from, to int) checker.Step {
	s := checker.Step{From: from, To: to, Kind: dependencies[e.why], Why: c.why(e)}
	if s.Kind == checker.WW || s.Kind == checker.WR || s.Kind == checker.RW {
		s.Key = c.op(max(e.from, e.to)).Key // either may be the initial value
	}
	return s
}

// why puts the reason of an edge into words.
func (c *check) why(e edge) string {
	switch {
	case e.why == conflict:
		return fmt.Sprintf("conflict: it comes before %s, which saw the other", c.name(e.by[0]))
	case e.why == antiConflict && e.by[0] == initial:
		return "conflict: it saw the initial value"
	case e.why == antiConflict:
		return fmt.Sprintf("conflict: it saw %s, which comes before the other", c.name(e.by[0]))
	case e.why == goesForward:
		return fmt.Sprintf("order of versions: first %s, then %s", c.name(e.by[0]), c.name(e.by[1]))
	case e.why == readBefore:
		return fmt.Sprintf("writes follow reads: %s came before the write", c.name(e.by[0]))
	default:
		return e.why.String()
	}
}

// name names an op in a sentence, or the initial value.
func (c *check) name(i int32) string {
	if i < 0 {
		return "the initial value"
	}
	return c.who(c.ops[i].ref)
}

// who names an operation in a sentence: "read of 3 from x by process 7".
func (c *check) who(ref int32) string {
	o := &c.all[ref]
	switch o.F {
	case "read":
		return fmt.Sprintf("read of %v from %s by process %d", o.Output, named(o.Key), o.Process)
	case "write":
		return fmt.Sprintf("write of %v to %s by process %d", o.Input, named(o.Key), o.Process)
	default:
		return fmt.Sprintf("%s by process %d", c.text(ref), o.Process)
	}
}

// text is an operation with its key, in a few words. Of a cas that is taken for a write it does not matter what it expected.
func (c *check) text(ref int32) string {
	o := &c.all[ref]
	text := linear.Describe(o)
	if pair, ok := o.Input.List(); ok && len(pair) == 2 && o.F == "cas" && c.isWrite(ref) {
		text = fmt.Sprintf("cas … → %v", pair[1])
		if o.Outcome == history.Info {
			text += " (info)"
		}
	}
	if o.Key == "" {
		return text
	}
	return o.Key + ": " + text
}

// named is what a sentence calls a key. A history of a single register has none.
func named(key string) string {
	if key == "" {
		return "the register"
	}
	return key
}

// isWrite reports whether an operation is one of those whose reading half was left out.
func (c *check) isWrite(ref int32) bool {
	return slices.ContainsFunc(c.ops, func(o op) bool { return o.ref == ref && !o.reads() })
}

// sentence says what is wrong.
func (c *check) sentence(b *breach) string {
	switch b.rule {
	case ruleThinAir:
		return fmt.Sprintf("%s saw what nothing wrote", c.name(b.ops[0]))
	case ruleMonotonic:
		return c.inOrder(b, "%s went back to an earlier version of %s: %s")
	case ruleOwnWrites:
		return c.inOrder(b, "%s did not see what it had written: on %s, %s")
	case ruleWriteCORead, ruleWriteCOInitRead, ruleWriteHBInitRead:
		last := b.cycle[len(b.cycle)-1]
		return fmt.Sprintf("%s comes after %s, which %s", c.name(last.from), c.name(last.to), c.overwrote(last))
	case ruleNoOrder:
		return "these have no order"
	}
	var names []string
	for _, e := range b.cycle {
		names = append(names, c.name(e.from))
	}
	if len(names) == 0 {
		return "these have no order"
	}
	return fmt.Sprintf("each of these would come before the next: %s, and then %s again", strings.Join(names, ", "), names[0])
}

// overwrote says what a read should not have seen any more.
func (c *check) overwrote(e edge) string {
	if e.by[0] < 0 {
		return "it does not see"
	}
	return "overwrote what it saw"
}

// inOrder tells what a session did to a key.
func (c *check) inOrder(b *breach, format string) string {
	by := b.cycle[0].by[0]
	for _, e := range b.cycle {
		by = max(by, e.by[1])
	}
	session, key := c.ops[by].session, c.ops[by].key
	var did []string
	for i := range c.ops {
		if o := &c.ops[i]; o.session == session && o.key == key {
			did = append(did, linear.Describe(c.op(int32(i))))
		}
	}
	return fmt.Sprintf(format, fmt.Sprintf("process %d", c.op(by).Process), named(c.keys[key]), strings.Join(did, ", then "))
}
