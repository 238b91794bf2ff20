package linear

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/checker"
	"faultline/history"
)

// TestScripts runs the histories in testdata. An event is a line of process, type, function, key and,
// where there is one, a value as JSON; an error comes last, behind an exclamation mark.
func TestScripts(t *testing.T) {
	datadriven.RunTest(t, "testdata/casregister.txt", func(t *testing.T, d *datadriven.TestData) string {
		events, err := parseScript(d.Input)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		ops, err := history.Operations(events)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		part := Linearizable(CASRegister(), ops, checker.Options{})
		out := fmt.Sprintf("%v: %s\n", part.Validity, part.Reason)
		for _, f := range part.Findings {
			out += fmt.Sprintf("key %s: %s\n", f.On, f.Kind())
		}
		return out
	})
}

func parseScript(text string) ([]history.Event, error) {
	var events []history.Event
	for i, line := range strings.Split(text, "\n") {
		line, failure, _ := strings.Cut(line, " !")
		fields := strings.Fields(line)
		if len(fields) < 4 {
			return nil, fmt.Errorf("line %d: process, type, function and key are needed", i+1)
		}
		e := history.Event{F: fields[2], Key: fields[3], Error: failure}
		if len(events) > 0 {
			e.Time = events[len(events)-1].Time + 1e6
		}
		var err error
		if e.Process, err = strconv.Atoi(fields[0]); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if e.Type, err = history.ParseType(fields[1]); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if value := strings.Join(fields[4:], " "); value != "" {
			if e.Value, err = history.ParseValue([]byte(value)); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
		events = append(events, e)
	}
	return events, nil
}
