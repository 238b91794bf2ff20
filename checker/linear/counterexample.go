package linear

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// Counterexample is what a finding speaks of, to be drawn: the operations that show it or, if there are none, all on its key.
type Counterexample struct {
	Key    string
	object *object
	opts   checker.Options
	places *places // where events were moved to; nil if they are where they were
}

// Counterexamples are those of the invalid findings of a part that Linearizable or Bounded made of these operations, with the same
// model. The staleness is 0 for Linearizable.
func Counterexamples(m Model, ops []history.Operation, part checker.Part, staleness time.Duration, opts checker.Options) []Counterexample {
	opts = opts.WithDefaults()
	m, err := m.Beginning(opts.Initial)
	if err != nil {
		return nil
	}
	c := newClock(opts.Timeout).Until(opts.Done)
	var all []Counterexample
	for _, f := range part.Findings {
		if f.Validity != checker.Invalid {
			continue
		}
		if o, places, _ := involvedIn(ops, f).object(&m, staleness, c); o != nil {
			all = append(all, Counterexample{Key: f.On, object: o, opts: opts, places: places})
		}
	}
	return all
}

// Mark is something to show with the operations of a counterexample, such as a fault.
type Mark struct {
	Track      string // marks of one track share a line
	Label      string
	Detail     string
	Begin, End int // positions in the history
}

// maxSteps bounds the partial orders in a picture. Porcupine finds up to one for each operation, each
// as long as the history, and writes the state after every step: without a bound a page of a few
// thousand operations can take a gigabyte.
const maxSteps = 100_000

// Visualize writes porcupine's picture of the counterexample, a page of HTML that needs no other file.
// Porcupine searches for that once more, within the bound on time of the check.
func (c *Counterexample) Visualize(w io.Writer, marks []Mark) error {
	q := c.object.asQuestion(newClock(c.opts.Timeout).Until(c.opts.Done), c.opts.Memory)
	_, info := q.porcupineShows(inLanes(q.operations))
	partitions := info.PartialLinearizations() // not a copy: what is set here is what is drawn
	for i, orders := range partitions {
		partitions[i] = longest(orders)
	}
	info.AddAnnotations(annotations(c.placed(marks), q.operations))

	// The steps to be drawn were taken already, and have to be taken again.
	shown := c.object.asQuestion(nil, 0).model
	shown.DescribeOperation = named(&q)
	// The page puts these two into its tooltips as markup.
	describeState, describeMetadata := shown.DescribeState, shown.DescribeOperationMetadata
	shown.DescribeState = func(state any) string { return html.EscapeString(describeState(state)) }
	shown.DescribeOperationMetadata = func(meta any) string { return html.EscapeString(describeMetadata(meta)) }
	if err := porcupine.Visualize(shown, info, w); err != nil {
		return fmt.Errorf("visualize key %q: %w", c.Key, err)
	}
	return nil
}

// placed are the marks, moved along with the operations that they were next to.
func (c *Counterexample) placed(marks []Mark) []Mark {
	if c.places == nil {
		return marks
	}
	moved := slices.Clone(marks)
	for i := range moved {
		m := &moved[i]
		m.Begin, m.End = c.places.of(m.Begin), c.places.of(m.End)
	}
	return moved
}

// named describes operations with their processes. The page numbers its lanes, whosever they are.
func named(q *question) func(input, output any) string {
	process := make(map[any]int, len(q.operations))
	for _, op := range q.operations {
		process[op.Input] = op.ClientId
	}
	describe := q.model.DescribeOperation
	return func(input, output any) string { return fmt.Sprintf("p%d: %s", process[input], describe(input, output)) }
}

// mostLanes is how many lanes a picture has at most, so that a screen shows them.
const mostLanes = 24

// inLanes gives operations the lanes they are drawn in, in place of their processes: a lane for each process. There is a process
// for each operation that ended in info; if they are too many an operation stays in the lane of its process's last one if that is
// free, and takes the first free one otherwise.
func inLanes(ops []porcupine.Operation) []porcupine.Operation {
	ops = slices.Clone(ops)
	slices.SortStableFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	own := map[int]int{}
	for _, op := range ops {
		if _, ok := own[op.ClientId]; !ok {
			own[op.ClientId] = len(own)
		}
	}
	if len(own) > mostLanes {
		return packed(ops)
	}
	for i := range ops {
		ops[i].ClientId = own[ops[i].ClientId]
	}
	return ops
}

// packed gives operations, in order of their calls, as few lanes as it takes.
func packed(ops []porcupine.Operation) []porcupine.Operation {
	var busy []int64 // by lane, until when
	last := map[int]int{}
	for i := range ops {
		op := &ops[i]
		lane, ok := last[op.ClientId]
		if !ok || busy[lane] >= op.Call {
			lane = slices.IndexFunc(busy, func(until int64) bool { return until < op.Call })
		}
		if lane < 0 {
			lane = len(busy)
			busy = append(busy, 0)
		}
		busy[lane] = op.Return
		last[op.ClientId] = lane
		op.ClientId = lane
	}
	return ops
}

// longest returns the longest orders, as many as maxSteps allows but at least one, sorted so that the
// same counterexample gives the same picture.
func longest(orders [][]int) [][]int {
	slices.SortFunc(orders, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
	})
	steps := 0
	for i, order := range orders {
		if steps += len(order); steps > maxSteps && i > 0 {
			return orders[:i]
		}
	}
	return orders
}

// annotations are the marks as far as the operations reach.
func annotations(marks []Mark, ops []porcupine.Operation) []porcupine.Annotation {
	end := int64(0)
	for _, op := range ops {
		end = max(end, op.Return)
	}
	var as []porcupine.Annotation
	for _, m := range marks {
		if int64(m.Begin) > end {
			continue
		}
		as = append(as, porcupine.Annotation{
			Tag: m.Track, Description: m.Label, Details: m.Detail,
			Start: int64(m.Begin), End: min(int64(m.End), end),
			TextColor: "#000000", BackgroundColor: "#f3d9a4",
		})
	}
	return as
}
