package delivery

import (
	"fmt"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// words are what people call the parts of a feed.
type words struct {
	entry    string // what is delivered
	position string
	written  string // what has become of an entry that was written
}

var (
	logWords   = words{entry: "record", position: "offset", written: "sent"}
	watchWords = words{entry: "event", position: "revision", written: "written"}
)

// most bounds how much of a value is shown.
const most = 40

// moment is a time of the test.
func moment(at time.Duration) string { return fmt.Sprintf("%.1f s", at.Seconds()) }

// who names an operation: "process 7's poll".
func who(op *history.Operation) string { return fmt.Sprintf("process %d's %s", op.Process, op.F) }

// at is a position: "offset 17".
func (f *feed) at(position int64) string { return fmt.Sprintf("%s %d", f.words.position, position) }

// what is an entry: "5" of a log, "k3 = 5" or "the removal of k3" of a watch.
func what(e entry) string {
	value := wording.Line(e.value.String(), most)
	switch {
	case e.key == "":
		return value
	case e.deletes():
		return "the removal of " + wording.Line(e.key, most)
	default:
		return wording.Line(e.key, most) + " = " + value
	}
}

// told says where a fact is known from: "acknowledged at 17.0 s", "read by process 7 at 17.0 s".
func (g *fact) told() string {
	if g.acknowledged() {
		return "acknowledged at " + moment(g.by.op.Return)
	}
	return fmt.Sprintf("read by process %d at %s", g.read.Process, moment(g.read.Return))
}

// collected are the cases in which a rule is broken in one way. The first is told and shown.
type collected struct {
	rule, anomaly string
	sentence      string
	shown         []*history.Operation
	count         int
}

// broken takes one more case.
func (c *collected) broken(shown []*history.Operation, format string, args ...any) {
	if c.count++; c.count == 1 {
		c.shown, c.sentence = shown, fmt.Sprintf(format, args...)
	}
}

// finding is what was collected; false if it is nothing.
func (c *collected) finding(on string) (checker.Finding, bool) {
	if c.count == 0 {
		return checker.Finding{}, false
	}
	return found(c.rule, c.anomaly, on, c.sentence+wording.MoreLikeIt(c.count), c.shown...), true
}

// found is a finding with the operations that show it, each once.
func found(rule, anomaly, on, sentence string, shown ...*history.Operation) checker.Finding {
	f := checker.Finding{Rule: rule, Anomaly: anomaly, On: on, Validity: checker.Invalid, Sentence: sentence}
	var all []history.Operation
	seen := map[int32]bool{}
	for _, op := range shown {
		if op != nil && !seen[op.Invoked] {
			seen[op.Invoked] = true
			all = append(all, *op)
		}
	}
	f.Show(all...)
	return f
}
