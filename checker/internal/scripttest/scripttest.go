// Package scripttest reads histories that stand in the tests of checkers, an operation a line:
//
//	1.0-1.2  3  n1  send log 5     ok [17,5]
//	2.0-3.0  4  n2  watch w/ 18    fail 20 !compacted
//	4.0-     5  -   put w/a 7      info
//
//	50.0-50.1 5  n1  read s -      ok [3] final
//
// These are its times in seconds, process, node, function, key, argument, outcome, result and error. A dash stands for what there
// is not. What has no second time is never completed. Values are JSON without spaces, as package history writes them. The last
// word may be final, see history.Event.Final.
package scripttest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
)

// Run runs the scripts in a file. Their command is check, with what checkers it names: all of them are asked. The output is the
// verdict of each, with its findings. The argument settled is when the last phases began, in seconds. With died there is a report of the system, of the nodes that died and when, as in died=(n1@2,n3@2.5); died=() is a report that none did.
//
// No checker may crash when something in a value is something else, which is tried too.
func Run(t *testing.T, path string, checkers map[string]checker.Checker) {
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		c := checkers[d.Cmd]
		if c == nil {
			d.Fatalf(t, "there is no checker %s", d.Cmd)
		}
		events, err := Parse(d.Input)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		in := checker.Input{Ending: checker.Ending{Served: true}}
		if in.Operations, err = history.Operations(events); err != nil {
			d.Fatalf(t, "%v", err)
		}
		var settled string
		d.MaybeScanArgs(t, "settled", &settled)
		if in.Settled, err = seconds(cmp.Or(settled, "0")); err != nil {
			d.Fatalf(t, "%v", err)
		}
		if in.Report, err = reported(t, d); err != nil {
			d.Fatalf(t, "%v", err)
		}
		damage(t, c, events, in)
		return Show(c.Check(t.Context(), in, checker.Options{}))
	})
}

// reported is the report that a script asks for.
func reported(t *testing.T, d *datadriven.TestData) (*report.Report, error) {
	if !d.HasArg("died") {
		return nil, nil
	}
	var deaths []string
	d.ScanArgs(t, "died", &deaths)
	var r report.Report
	for _, death := range deaths {
		node, at, _ := strings.Cut(death, "@")
		if node == "" {
			continue
		}
		when, err := seconds(at)
		if err != nil {
			return nil, fmt.Errorf("died %q: %w", death, err)
		}
		r.Track = append(r.Track, report.Transition{Time: when, Node: node, Role: "down"})
	}
	return &r, nil
}

// Show is a part as text.
func Show(p checker.Part) string {
	out := fmt.Sprintf("%v: %s\n", p.Validity, p.Reason)
	for _, f := range p.Findings {
		kind := f.Kind()
		if f.Validity != p.Validity {
			kind += fmt.Sprintf(" (%v)", f.Validity)
		}
		out += fmt.Sprintf("\n%s\n%s\n", kind, f.Sentence)
		for line := range strings.Lines(f.Picture) {
			out += "  " + line
		}
	}
	return out
}

// Parse reads operations as events, in the order of their times.
func Parse(text string) ([]history.Event, error) {
	var events []history.Event
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		pair, err := operation(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		events = append(events, pair...)
	}
	slices.SortStableFunc(events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	return events, nil
}

func operation(line string) ([]history.Event, error) {
	line, final := strings.CutSuffix(line, " final")
	line, failure, _ := strings.Cut(line, " !")
	f := strings.Fields(line)
	if len(f) < 7 {
		return nil, fmt.Errorf("%q: times, process, node, function, key, argument and outcome are needed", line)
	}
	begin, end, _ := strings.Cut(f[0], "-")
	e := history.Event{Type: history.Invoke, F: f[3], Key: dashed(f[4]), Final: final}
	var err error
	if e.Time, err = seconds(begin); err != nil {
		return nil, err
	}
	if e.Process, err = strconv.Atoi(f[1]); err != nil {
		return nil, err
	}
	if e.Value, err = value(f[5]); err != nil || end == "" {
		return []history.Event{e}, err
	}
	done := e
	done.Node, done.Error = dashed(f[2]), failure
	if done.Type, err = history.ParseType(f[6]); err != nil {
		return nil, err
	}
	if done.Time, err = seconds(end); err != nil {
		return nil, err
	}
	switch {
	case len(f) > 7:
		done.Value, err = value(f[7])
	case done.Type == history.Fail:
		done.Value = history.Value{}
	}
	return []history.Event{e, done}, err
}

func dashed(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func value(s string) (history.Value, error) {
	if s == "-" {
		return history.Value{}, nil
	}
	return history.ParseValue([]byte(s))
}

func seconds(s string) (time.Duration, error) {
	x, err := strconv.ParseFloat(s, 64)
	return time.Duration(x * float64(time.Second)).Round(time.Microsecond), err
}
