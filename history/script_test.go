package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestScripts runs the scripts in testdata. Their commands are
//
//	event       read a line each as an event, and print it in its one form, or the error
//	value       the same for values
//	read        read a whole file
//	operations  join the events into operations
//	faults      derive the faults from the events
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "event":
				return eachLine(d.Input, func(line string) (string, error) {
					e, err := parseEvent(line)
					return string(e.AppendJSON(nil)), err
				})
			case "value":
				return eachLine(d.Input, func(line string) (string, error) {
					v, err := ParseValue([]byte(line))
					return v.String(), err
				})
			case "read":
				return readScript(d.Input)
			case "operations":
				return operationsScript(parseEvents(t, d))
			case "faults":
				return faultsScript(parseEvents(t, d))
			default:
				d.Fatalf(t, "unknown command %s", d.Cmd)
				return ""
			}
		})
	})
}

func eachLine(input string, do func(string) (string, error)) string {
	var out strings.Builder
	for _, line := range strings.Split(input, "\n") {
		result, err := do(line)
		if err != nil {
			result = "error: " + err.Error()
		}
		out.WriteString(result + "\n")
	}
	return out.String()
}

func parseEvent(line string) (e Event, err error) {
	s := scanner{b: []byte(line)}
	err = s.event(&e)
	return e, err
}

func parseEvents(t *testing.T, d *datadriven.TestData) []Event {
	var events []Event
	for _, line := range strings.Split(d.Input, "\n") {
		e, err := parseEvent(line)
		if err != nil {
			d.Fatalf(t, "%s: %v", line, err)
		}
		events = append(events, e)
	}
	return events
}

func readScript(input string) string {
	h, err := Read(strings.NewReader(input))
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	return fmt.Sprintf("%d events\n", len(h.Events))
}

func operationsScript(events []Event) string {
	ops, err := Operations(events)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var out strings.Builder
	for _, op := range ops {
		fmt.Fprintf(&out, "process %d %s %s at %s: input %q output %q %v", op.Process, op.F, op.Key, op.Node, op.Input, op.Output, op.Outcome)
		fmt.Fprintf(&out, " %q, time %d to %d, position %d to %d, log index %d\n", op.Error, op.Invoke, op.Return, op.Invoked, op.Returned, op.LogIndex)
	}
	return out.String()
}

func faultsScript(events []Event) string {
	var out strings.Builder
	for _, f := range Faults(events) {
		fmt.Fprintf(&out, "%s of %s (%s) from %d to %d\n", f.Kind, f.Subject, f.Detail, f.Begin, f.End)
	}
	return out.String()
}
