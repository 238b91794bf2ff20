package history

import (
	"bytes"
	"fmt"
	"io"
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
//	open        read a file of any format as a stream: its format, its events and what they complete, or
//	            the error; [tuples=yes|no] [order=…] [cut-off]
//	edn         read a line each as a value in EDN, and print it as EDN and as JSON
//	write-edn   write the events as EDN, and see whether they are read back
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
			case "open":
				return openScript(t, d)
			case "edn":
				return eachLine(d.Input, func(line string) (string, error) {
					v, err := ParseEDN(line)
					return string(v.AppendEDN(nil)) + "  " + v.String(), err
				})
			case "write-edn":
				return writeEDNScript(t, parseEvents(t, d))
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
	return renderOperations(ops)
}

func renderOperations(ops []Operation) string {
	var out strings.Builder
	for _, op := range ops {
		fmt.Fprintf(&out, "process %d %s %s at %s: input %q output %q %v", op.Process, op.F, op.Key, op.Node(), op.Input, op.Output, op.Outcome)
		fmt.Fprintf(&out, " %q, time %d to %d, position %d to %d, log index %d\n", op.Reason(), op.Invoke, op.Return, op.Invoked, op.Returned, op.LogIndex)
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

func openScript(t *testing.T, d *datadriven.TestData) string {
	var opts []Option
	if d.HasArg("tuples") {
		var yes string
		d.ScanArgs(t, "tuples", &yes)
		opts = append(opts, WithTuples(yes == "yes"))
	}
	if d.HasArg("order") {
		var by string
		d.ScanArgs(t, "order", &by)
		opts = append(opts, WithOrder(map[string]Order{"file": ByFile, "index": ByIndex, "time": ByTime}[by]))
	}
	var out strings.Builder
	input := d.Input
	if !d.HasArg("cut-off") { // the file has its last newline
		input += "\n"
	}
	s, err := Open(strings.NewReader(input), "file", opts...)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	stream := NewStream(s)
	for {
		e, op, err := stream.Next()
		if err != nil && err != io.EOF {
			return out.String() + "error: " + err.Error() + "\n"
		}
		if err == io.EOF {
			break
		}
		fmt.Fprintf(&out, "%d: %s", s.Line(), e.AppendJSON(nil))
		if op != nil {
			fmt.Fprintf(&out, "  completes %d", op.Invoked)
		}
		out.WriteString("\n")
	}
	for _, op := range stream.Pending() {
		fmt.Fprintf(&out, "%d is pending\n", op.Invoked)
	}
	for _, w := range s.Warnings() {
		fmt.Fprintf(&out, "warning: %s\n", w)
	}
	fmt.Fprintf(&out, "%v, timed %t, tuples %t\n", s.Format(), s.Timed(), s.Tuples())
	return out.String()
}

func writeEDNScript(t *testing.T, events []Event) string {
	var b bytes.Buffer
	if err := (&History{Events: events}).WriteEDN(&b); err != nil {
		return "error: " + err.Error() + "\n"
	}
	out := b.String()
	s, err := Open(&b, "file")
	if err != nil {
		return out + "error: " + err.Error() + "\n"
	}
	h, err := s.ReadAll()
	if err != nil {
		return out + "error: " + err.Error() + "\n"
	}
	for i := range events {
		if i >= len(h.Events) || !sameEvent(h.Events[i], events[i]) {
			return fmt.Sprintf("%sevent %d is read back as %v\n", out, i, h.Events[i])
		}
	}
	return out
}
