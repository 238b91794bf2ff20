package workloads

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
)

// Script is a few transactions that are done step by step, in an order that is given.
type Script struct {
	Name string
	// Stages follow each other. In each of them the lines are due one after the other, LineEvery apart, whoever does them; those of a
	// transaction that is alone follow each other at once. A transaction that still waits at an earlier line does its next ones as soon as
	// it can; one that the store has aborted does none.
	Stages [][]Line
}

// LineEvery is the time from one line of a script to the next, in which a step that need not wait is done.
const LineEvery = 50 * time.Millisecond

// Line is what one of the transactions does. Its first line opens the transaction.
type Line struct {
	By   string // which of them: T1
	Do   string // ops.OneStep, ops.Commit or ops.Rollback
	Step ops.Step
}

// String is a line as ParseLine reads it.
func (l Line) String() string {
	switch {
	case l.Do != ops.OneStep:
		return l.By + " " + l.Do
	case l.Step.Writes():
		return fmt.Sprintf("%s %s %s %v", l.By, l.Step.Kind.Verb(), l.Step.Key, l.Step.Value)
	default:
		return fmt.Sprintf("%s %s %s", l.By, l.Step.Kind.Verb(), l.Step.Key)
	}
}

// ParseLine reads a line: "T1 append x 11", "T2 read x", "T1 commit".
func ParseLine(text string) (Line, error) {
	words := strings.Fields(text)
	if len(words) == 2 && (words[1] == ops.Commit || words[1] == ops.Rollback) {
		return Line{By: words[0], Do: words[1]}, nil
	}
	for kind := ops.ReadStep; kind <= ops.ScanStep; kind++ {
		step := ops.Step{Kind: kind}
		arguments := 1
		if step.Writes() {
			arguments = 2
		}
		if len(words) != 2+arguments || words[1] != kind.Verb() {
			continue
		}
		step.Key, step.Value = words[2], history.NilValue()
		if step.Writes() {
			n, err := strconv.ParseInt(words[3], 10, 64)
			if err != nil {
				return Line{}, fmt.Errorf("%q: %q is no integer", text, words[3])
			}
			step.Value = history.IntValue(n)
		}
		return Line{By: words[0], Do: ops.OneStep, Step: step}, nil
	}
	return Line{}, fmt.Errorf("%q is no line of a script, such as T1 append x 11, T2 read x, T2 scan p/, T1 commit", text)
}
