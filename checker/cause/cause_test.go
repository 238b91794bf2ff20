package cause

import (
	"cmp"
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

// A script is the record of a run, a line each of
//
//	role 500ms n1 leader 2                      what became of a node, and its term
//	noun epoch                                  what the system calls a term
//	at 4.2s n1 last 10 applied 9                how far it was
//	fault 4s partition network n1 | n2,n3       what was done, and to what
//	end 9s partition network                    the end of that
//	1s-1.1s p1 write 5 n1 10                    an operation on k1, who answered it and from which index; 0 for none
//	1s-1.1s p1 read 5 n1 10                     what a read saw, which may be null
//	1s-1.1s p1 cas 5→6 n1 10
//	other 1s-1.1s p1 write 5 n1 10              an operation that the finding does not show
//
// With ! behind the index the outcome of an operation is unknown, with f it failed. The finding is a stale read unless the directive names
// another anomaly, with _ for blanks.
func TestCauses(t *testing.T) {
	datadriven.RunTest(t, "testdata/causes.txt", func(t *testing.T, d *datadriven.TestData) string {
		s := &script{t: t, d: d}
		for line := range strings.Lines(d.Input) {
			s.add(strings.Fields(line))
		}
		anomaly := "stale read"
		if len(d.CmdArgs) > 0 {
			anomaly = strings.ReplaceAll(d.CmdArgs[0].Key, "_", " ")
		}
		if text := s.cause(anomaly); text != "" {
			return text + "\n"
		}
		return "nothing\n"
	})
}

// script is a record that is being read.
type script struct {
	t      *testing.T
	d      *datadriven.TestData
	report report.Report
	events []history.Event
	hidden map[int]bool // processes of operations that the finding does not show
}

func (s *script) add(words []string) {
	switch words[0] {
	case "role":
		s.report.Track = append(s.report.Track, report.Transition{Time: s.time(words[1]), Node: words[2], Role: words[3], Term: s.number(words[4])})
	case "noun":
		s.report.TermNoun = words[1]
	case "at":
		s.report.Progress = append(s.report.Progress, report.Progress{Time: s.time(words[1]), Node: words[2], Last: s.number(words[4]), Applied: s.number(words[6])})
	case "fault":
		subject, how := subjectOf(words[3:])
		s.events = append(s.events, history.Event{Time: s.time(words[1]), Process: history.Nemesis, Type: history.Info, F: words[2], Key: subject, Value: history.TextValue(how)})
	case "end":
		subject, _ := subjectOf(words[3:])
		s.events = append(s.events, history.Event{Time: s.time(words[1]), Process: history.Nemesis, Type: history.Info, F: words[2], Key: subject})
	case "other":
		s.operation(words[1:], true)
	default:
		s.operation(words, false)
	}
}

// subjectOf cuts the subject of a fault off, which is one word, or "clock of n1".
func subjectOf(words []string) (subject, rest string) {
	n := 1
	if words[0] == "clock" {
		n = 3
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

func (s *script) operation(words []string, hidden bool) {
	from, to, _ := strings.Cut(words[0], "-")
	index, unknown := strings.CutSuffix(words[5], "!")
	index, failed := strings.CutSuffix(index, "f")
	call := history.Event{Time: s.time(from), Process: int(s.number(strings.TrimPrefix(words[1], "p"))), Type: history.Invoke, F: words[2], Key: "k1"}
	end := call
	end.Time, end.Type, end.Node, end.LogIndex = s.time(to), history.OK, words[4], s.number(index)
	switch call.F {
	case "read":
		end.Value = s.value(words[3])
	case "cas":
		old, next, _ := strings.Cut(words[3], "→")
		call.Value = history.ListValue(s.value(old), s.value(next))
	default:
		call.Value = s.value(words[3])
	}
	if failed {
		end.Type, end.Value, end.Error = history.Fail, history.Value{}, "not-leader"
	}
	if unknown {
		end.Type, end.Value = history.Info, history.Value{}
	}
	s.events = append(s.events, call, end)
	if hidden {
		if s.hidden == nil {
			s.hidden = map[int]bool{}
		}
		s.hidden[call.Process] = true
	}
}

// cause is that of a finding which the operations show.
func (s *script) cause(anomaly string) string {
	slices.SortStableFunc(s.events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	ops, err := history.Operations(s.events)
	if err != nil {
		s.d.Fatalf(s.t, "%v", err)
	}
	f := checker.Finding{Validity: checker.Invalid, Anomaly: anomaly, On: "k1"}
	for _, op := range ops {
		if !s.hidden[int(op.Process)] {
			f.Operations = append(f.Operations, checker.Involved{Process: int(op.Process), Invoked: int(op.Invoked), Returned: int(op.Returned)})
		}
	}
	parts := []checker.Part{{Findings: []checker.Finding{f}}}
	Fill(checker.Input{Faults: history.Faults(s.events), Operations: ops, Report: &s.report}, parts)
	return parts[0].Findings[0].Cause
}

func (s *script) time(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		s.d.Fatalf(s.t, "%v", err)
	}
	return d
}

func (s *script) number(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		s.d.Fatalf(s.t, "%v", err)
	}
	return n
}

func (s *script) value(text string) history.Value {
	if text == "null" {
		return history.NilValue()
	}
	return history.IntValue(int64(s.number(text)))
}

// A finding that no operations show has no cause, nor has one that could not be decided, nor any without a report.
func TestFindingsWithoutACause(t *testing.T) {
	events := []history.Event{
		{Process: 1, Type: history.Invoke, F: "write", Key: "k1", Value: history.IntValue(1)},
		{Process: 1, Type: history.OK, F: "write", Key: "k1", Node: "n1", LogIndex: 9},
		{Process: 1, Type: history.Invoke, F: "read", Key: "k1"},
		{Process: 1, Type: history.OK, F: "read", Key: "k1", Value: history.NilValue(), Node: "n2", LogIndex: 4},
	}
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	both := []checker.Involved{{Invoked: 0, Returned: 1}, {Invoked: 2, Returned: 3}}
	tests := []struct {
		name    string
		finding checker.Finding
		report  *report.Report
		want    string
	}{
		{"one with a cause", checker.Finding{Validity: checker.Invalid, Operations: both}, &report.Report{}, "n2 answered from index 4, before it had applied 9, which n1 had acknowledged"},
		{"no operations", checker.Finding{Validity: checker.Invalid}, &report.Report{}, ""},
		{"not decided", checker.Finding{Validity: checker.Unknown, Operations: both}, &report.Report{}, ""},
		{"no report", checker.Finding{Validity: checker.Invalid, Operations: both}, nil, ""},
		{"operations of another history", checker.Finding{Validity: checker.Invalid, Operations: []checker.Involved{{Invoked: 1}, {Invoked: 77}}}, &report.Report{}, ""},
	}
	for _, tt := range tests {
		parts := []checker.Part{{Findings: []checker.Finding{tt.finding}}}
		Fill(checker.Input{Faults: history.Faults(events), Operations: ops, Report: tt.report}, parts)
		if got := parts[0].Findings[0].Cause; got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

func TestSeparates(t *testing.T) {
	tests := []struct {
		groups, a, b string
		want         bool
	}{
		{"n1 | n2,n3", "n1", "n3", true},
		{"n1,n2 | n3", "n1", "n2", false},
		{"n1 > n2,n3", "n2", "n1", true},
		{"n1,n2 | n2,n3", "n1", "n2", false}, // n2 is between the two
		{"n1,n2 | n2,n3", "n1", "n3", true},
		{"n1 | n2", "n1", "n3", false},
		{"n1", "n1", "n2", false},
		{"", "n1", "n2", false},
	}
	for _, tt := range tests {
		if got := separates(tt.groups, tt.a, tt.b); got != tt.want {
			t.Errorf("%q, %s and %s: %v", tt.groups, tt.a, tt.b, got)
		}
	}
}
