package txn

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/record"
	"faultline/history"
)

// ofDirect tells an anomaly that shows without a cycle.
func (a *analysis) ofDirect(d *direct.Anomaly) checker.Finding {
	n := a.names()
	f := checker.Finding{On: shown(a.record.Keys.Name(d.Key)), Sentence: a.told(d, n)}
	if d.Name == direct.GarbageRead && a.record.Model == record.RWRegister && !a.initial.Given() && !a.record.Obscure {
		value := string(a.record.Keys.Value(d.Key, d.Element).AppendEDN(nil))
		f.Hint = fmt.Sprintf("nobody wrote %s; if that is what registers hold at first, say so with --initial %s", value, value)
	}
	for _, step := range d.Steps {
		n.number(a.record.Steps.Txn[step])
	}
	return a.shown(f, nil, n)
}

// told is the sentence of it. The steps of each anomaly are as package direct says.
func (a *analysis) told(d *direct.Anomaly, n *names) string {
	s := d.Steps
	who := func(i int) string { return n.of(a.record.Steps.Txn[s[i]]) }
	key := a.record.Keys.Name(d.Key)
	element := shown(a.record.Keys.Value(d.Key, d.Element))
	switch d.Name {
	case direct.G1a:
		return fmt.Sprintf("%s %s, and %s, which %s, was aborted", who(1), a.read(s[1], key), who(0), a.wrote(s[0]))
	case direct.G1b:
		return fmt.Sprintf("%s %s, and %s, which %s, %s after that", who(2), a.read(s[2], key), who(0), a.wrote(s[0]), a.wrote(s[1]))
	case direct.Internal:
		return fmt.Sprintf("%s %s after it %s", who(len(s)-1), a.read(s[len(s)-1], key), a.did(s[:len(s)-1], key))
	case direct.FutureRead:
		return fmt.Sprintf("%s %s before it %s", who(0), a.read(s[0], key), a.wrote(s[1]))
	case direct.ReorderedAppends:
		return fmt.Sprintf("%s %s before it %s, and the list has them the other way round", who(0), a.wrote(s[0]), a.wrote(s[1]))
	case direct.DirtyUpdate:
		return fmt.Sprintf("%s %s after what %s did, which %s and was aborted", who(1), a.wrote(s[1]), who(0), a.wrote(s[0]))
	case direct.LostUpdate:
		return a.lostUpdate(s, n)
	case direct.GarbageRead:
		if a.record.Obscure {
			return fmt.Sprintf("%s %s, and no transaction that is understood wrote %s", who(0), a.read(s[0], key), element)
		}
		return fmt.Sprintf("%s %s, and nobody wrote %s", who(0), a.read(s[0], key), element)
	case direct.IncompatibleOrder:
		return fmt.Sprintf("%s %s, and %s %s: neither is the beginning of the other", who(0), a.read(s[0], key), who(1), a.read(s[1], key))
	case direct.DuplicateElements:
		return fmt.Sprintf("%s %s, which has %s twice", who(0), a.read(s[0], key), element)
	default: // direct.DuplicateAppends
		return a.twiceWritten(s, n)
	}
}

// did is what a transaction did to a key before.
func (a *analysis) did(steps []int32, key history.Value) string {
	var words []string
	for _, step := range steps {
		if a.record.Steps.Kind[step] == record.Write {
			words = append(words, a.wrote(step))
		} else {
			words = append(words, a.read(step, key))
		}
	}
	return strings.Join(words, " and ")
}

// few is how many transactions are told of those that did the same.
const few = 3

func (a *analysis) lostUpdate(steps []int32, n *names) string {
	var words []string
	for i := 0; i+1 < len(steps) && i < 2*few; i += 2 {
		read, write := steps[i], steps[i+1]
		words = append(words, fmt.Sprintf("%s %s and %s", n.of(a.record.Steps.Txn[read]), a.read(read, a.record.Keys.Name(a.record.Steps.Key[read])), a.wrote(write)))
	}
	return strings.Join(words, "; ") + ": they replaced the same version"
}

func (a *analysis) twiceWritten(steps []int32, n *names) string {
	var words []string
	for i, step := range steps {
		if i < few {
			words = append(words, fmt.Sprintf("%s %s", n.of(a.record.Steps.Txn[step]), a.wrote(step)))
		}
	}
	return strings.Join(words, "; ") + ": a value has to be written once, as reads could not tell which of them they saw"
}
