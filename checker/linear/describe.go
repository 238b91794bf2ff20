package linear

import (
	"fmt"
	"strconv"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// Describe is an operation in a few words: "read → 3", "write 5 (info)", "cas 3 → 5: found 4". It is meant for
// operations that a model knows of, so a failed one is one that compared.
func Describe(op *history.Operation) string {
	text := clip(op.F)
	if expected, next, ok := twoValues(op.Input); ok && op.F == "cas" {
		text += " " + short(expected) + " → " + short(next)
	} else if asked(op) {
		text += " " + short(op.Input)
	}
	switch {
	case op.Outcome == history.Info:
		return text + " (info)"
	case op.Outcome == history.Fail && op.Output.Kind() != history.None:
		return text + ": found " + short(op.Output)
	case op.Outcome == history.Fail:
		return text + ": found another value"
	case checker.Answered(op) && op.F != "cas":
		return text + " → " + short(op.Output)
	default:
		return text
	}
}

// asked reports whether an operation has an argument to show. What Jepsen invokes without one has null. The answer to a transaction has
// all its steps, with what they read.
func asked(op *history.Operation) bool {
	if _, isList := op.Output.List(); op.F == "txn" && op.Outcome == history.OK && isList {
		return false
	}
	k := op.Input.Kind()
	return k != history.None && !(k == history.Nil && op.F != "write" && op.F != "put" && op.F != "add")
}

// circumstances say whose operation it was, where and when.
func circumstances(op *history.Operation) string {
	text := "process " + strconv.Itoa(int(op.Process))
	if node := op.Node(); node != "" {
		text += " at " + clip(node)
	}
	if op.Outcome == history.Info {
		return text + ", from " + seconds(op.Invoke)
	}
	return text + ", " + seconds(op.Invoke) + " to " + seconds(op.Return)
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) + "s"
}

// short is a value for people, cut off where it would fill the screen.
func short(v history.Value) string { return clip(v.Shown()) }

// edn is a value as the user's own file may have it, cut off likewise.
func edn(v history.Value) string { return clip(string(v.AppendEDN(nil))) }

// clip makes text fit for a line on a terminal.
func clip(text string) string {
	const longest = 60
	return wording.Line(text, longest)
}

// summarize is the reason of a part that was decided key by key.
func summarize(p checker.Part) string {
	if p.Objects == 0 {
		return "there is no operation to order"
	}
	if p.Validity == checker.Valid {
		return fmt.Sprintf("%s on %s can be ordered", wording.Count(p.Operations, "operation"), wording.Count(p.Objects, "key"))
	}
	var deciding []checker.Finding
	for _, f := range p.Findings {
		if f.Validity == p.Validity {
			deciding = append(deciding, f)
		}
	}
	first := deciding[0].String()
	if name := deciding[0].On; name != "" && len(deciding[0].Operations) == 0 { // else the sentence names it
		first = fmt.Sprintf("key %q: %s", clip(name), first)
	}
	if len(deciding) == 1 {
		return first
	}
	what := "are not linearizable"
	if p.Validity == checker.Unknown {
		what = "are undecided"
	}
	return fmt.Sprintf("%s of %s %s; %s", wording.Grouped(len(deciding)), wording.Count(p.Objects, "key"), what, first)
}
