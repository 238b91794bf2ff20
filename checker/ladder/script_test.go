package ladder

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/history"
)

// parse reads a history in the notation of the literature. A line is a session: its process, a colon, and operations
// one after the other, which are
//
//	w(x,1)     a write
//	r(x)1      a read; r(x)- is one of null
//	c(x,1,2)   a cas from 1 to 2; c(x,1,2)3 one that failed and found 3, c(x,1,2)? one that failed and does not tell
//	d(x)       a delete
//
// A ! behind an operation makes it end in info, an f makes it fail. Operations of different sessions overlap all; @3 before one
// has it begin at second 3 and end half a second later, and one without has the second behind that of the one before.
func parse(t *testing.T, d *datadriven.TestData) []history.Operation {
	t.Helper()
	var ops []scripted
	for line := range strings.Lines(d.Input) {
		process, rest, found := strings.Cut(strings.TrimSpace(line), ":")
		p, err := strconv.Atoi(process)
		if !found || err != nil {
			d.Fatalf(t, "a line begins with a process and a colon: %q", line)
		}
		at := 0.0
		for _, word := range strings.Fields(rest) {
			op := scripted{process: p, begin: at}
			if text, ok := strings.CutPrefix(word, "@"); ok {
				if op.begin, err = strconv.ParseFloat(text, 64); err != nil {
					d.Fatalf(t, "%v", err)
				}
				at = op.begin
				continue
			}
			op.word = word
			ops = append(ops, op)
			at++
		}
	}
	events, err := scriptedEvents(ops)
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	return mustOperations(events)
}

type scripted struct {
	process int
	begin   float64
	word    string
}

func scriptedEvents(ops []scripted) ([]history.Event, error) {
	var events []history.Event
	for _, s := range ops {
		e := history.Event{Process: s.process, Type: history.Invoke, Time: time.Duration(s.begin * 1e9)}
		end := history.Event{Process: s.process, Type: history.OK, Time: e.Time + 5e8}
		if err := s.fill(&e, &end); err != nil {
			return nil, fmt.Errorf("%s: %w", s.word, err)
		}
		events = append(events, e, end)
	}
	slices.SortStableFunc(events, func(a, b history.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Type, b.Type))
	})
	return events, nil
}

func (s scripted) fill(call, end *history.Event) error {
	inside, found, ok := strings.Cut(strings.TrimPrefix(s.word[1:], "("), ")")
	args := strings.Split(inside, ",")
	if !ok || len(args) < 1 {
		return fmt.Errorf("there is no (…)")
	}
	call.Key = args[0]
	if found, ok = strings.CutSuffix(found, "!"); ok {
		end.Type = history.Info
	}
	if found, ok = strings.CutSuffix(found, "f"); ok {
		end.Type = history.Fail
	}
	switch s.word[0] {
	case 'r':
		call.F, end.Value = "read", scriptedValue(found)
	case 'w':
		call.F, call.Value = "write", scriptedValue(args[1])
	case 'd':
		call.F = "delete"
	case 'c':
		call.F, call.Value = "cas", history.ListValue(scriptedValue(args[1]), scriptedValue(args[2]))
		if found != "" {
			end.Type, end.Error = history.Fail, history.PreconditionFailed
		}
		if found != "" && found != "?" {
			end.Value = scriptedValue(found)
		}
	}
	end.F, end.Key = call.F, call.Key
	return nil
}

func scriptedValue(text string) history.Value {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return history.IntValue(n)
	}
	return history.NilValue()
}
