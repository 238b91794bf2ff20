package totals

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// The names of the parts.
const (
	GCounterPart  = "g-counter"
	PNCounterPart = "pn-counter"
)

// PNCounter asks whether replicas of a counter that may be subtracted from agree in the end, as Maelstrom's pn-counter does. It looks
// at final reads only: those that are marked with :final? or began when all was settled. Each of them has to tell the sum of all
// that was acknowledged before the last phase began, together with any of what else began before it returned and did not fail.
// Before the last phase a replica may tell anything.
//
//	wrong-total  a final read tells a number that is no such sum
//
// The sums are exact, as in Maelstrom. Should there be so many of them that memory does not suffice, a read within their bounds
// is unknown. Without a final read the answer is unknown, where Maelstrom says valid.
func PNCounter() checker.Checker {
	return perkey.Kind{Part: PNCounterPart, Noun: "counter", Functions: counting, Begin: func() perkey.Judge { return new(finals) }}.Checker()
}

// GCounter is PNCounter for a counter that only grows. Something that is subtracted from it leaves it unknown.
func GCounter() checker.Checker {
	return perkey.Kind{Part: GCounterPart, Noun: "counter", Functions: counting, Begin: func() perkey.Judge { return &finals{grows: true} }}.Checker()
}

// finals judges counters by their final reads.
type finals struct {
	grows bool
	reads int
}

func (j *finals) Judge(o *perkey.Object) []checker.Finding {
	c, unreadable := readCounter(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	for _, a := range c.added {
		if j.grows && a.amount < 0 {
			return []checker.Finding{o.Unreadable(a.op, "a counter that only grows is not subtracted from")}
		}
	}
	var final []*history.Operation
	for _, r := range c.reads {
		if o.Final(r) {
			final = append(final, r)
		}
	}
	j.reads += len(final)
	phase, ok := o.LastPhase()
	switch {
	case !ok:
		return []checker.Finding{o.Undecided(fmt.Sprintf("nothing says which reads of %s are final, such as :final? true", o.The()))}
	case len(final) == 0:
		return []checker.Finding{o.Undecided(o.The() + " was not read in the end")}
	default:
		return c.wrong(final, phase)
	}
}

// wrong finds reads of the last phase that are no possible sum, and those of which that is not known.
func (c *counter) wrong(final []*history.Operation, phase int32) []checker.Finding {
	var first, open *history.Operation
	var firstSums, openSums reachable
	count := 0
	possible := possibleSums{waiting: c.added, bytes: c.Memory, spend: c.Clock.Spend}
	for _, r := range final {
		sums := possible.of(phase, r.Returned)
		n, _ := r.Output.Int()
		switch is, known := sums.holds(n); {
		case !known && open == nil:
			open, openSums = r, sums
		case known && !is:
			if count++; first == nil {
				first, firstSums = r, sums
			}
		}
	}
	var found []checker.Finding
	if first != nil {
		found = append(found, c.Found("wrong-total", fmt.Sprintf("%s of %s in the end returned %v, where only %v is possible%s", perkey.Who(first), c.The(), first.Output,
			firstSums, perkey.More(count, "read")), first))
	}
	if open != nil {
		f := c.Undecided(fmt.Sprintf("%s of %s in the end returned %v, which is within %v; to tell whether it is a possible sum takes more memory", perkey.Who(open), c.The(),
			open.Output, openSums), open)
		f.Bound = checker.MemoryBound
		found = append(found, f)
	}
	return found
}

func (j *finals) Held() (string, bool) {
	if j.reads == 0 {
		return "no counter was read in the end", false
	}
	return wording.Count(j.reads, "final read") + " added up", true
}
