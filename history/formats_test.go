package history

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// meaning is what checkers see of a history: what each operation was invoked with, what became of it and what it observed.
func meaning(t *rapid.T, file string) string {
	t.Helper()
	read, _, err := open([]byte(file), WithTuples(false))
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	ops, err := Operations(read.Events)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	var b strings.Builder
	for _, op := range ops {
		observed := ""
		if op.Outcome == OK || op.Reason() == PreconditionFailed {
			observed = op.Output.String()
		}
		fmt.Fprintf(&b, "%d to %d: process %d %s %s %v %s\n", op.Invoked, op.Returned, op.Process, op.F, op.Input, op.Outcome, observed)
	}
	return b.String()
}

// spell writes an event as each tool does, as far as all of them can.
func spell(e *Event) map[string]string {
	process, columns, field := fmt.Sprint(e.Process), "", ""
	if e.Process == Nemesis {
		process = ":nemesis"
	}
	if e.Error != "" {
		columns, field = "\t:"+e.Error, " :error :"+e.Error
	}
	value := e.Value.AppendEDN(nil)
	line := fmt.Sprintf("%s\t:%v\t:%s\t%s%s", process, e.Type, e.F, value, columns)
	return map[string]string{
		"EDN":         fmt.Sprintf("{:process %s :type :%v :f :%s :value %s%s}\n", process, e.Type, e.F, value, field),
		"vectors":     "[" + line + "]\n",
		"history.txt": line + "\n",
		"the console": "INFO [2019-04-01 11:25:00,722] jepsen worker 0 - jepsen.util " + line + "\n",
		"jepsen.log":  "2021-02-26 23:39:01,300{GMT}\tINFO\t[jepsen worker 1] jepsen.util: " + line + "\n",
		"JSON":        string(e.AppendJSON(nil)) + "\n",
	}
}

// The same events mean the same, whichever tool wrote them down.
func TestFormatsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Filter(func(h *History) bool { return len(h.Events) > 0 }).Draw(t, "history")
		reason := rapid.SampledFrom([]string{"", "precondition-failed", "timeout"})
		files := map[string]string{}
		for i := range h.Events {
			e := &h.Events[i]
			e.Time, e.Key, e.Node, e.LogIndex, e.Error, e.Value = 0, "", "", 0, "", plainJSON(e.Value)
			switch {
			case e.Process == Nemesis:
				e.F, e.Value = "start", NilValue()
			case e.Type == Fail || e.Type == Info:
				e.Error = reason.Draw(t, "reason")
			}
			e.F = strings.ReplaceAll(e.F, " ", "-")
			if e.Value.Kind() == None {
				e.Value = NilValue() // a column cannot be left out
			}
			for name, line := range spell(e) {
				files[name] += line
			}
		}
		if _, err := Operations(h.Events); err != nil {
			t.Skip("what the values became contradicts itself")
		}
		want := meaning(t, files["EDN"])
		for name, file := range files {
			if got := meaning(t, file); got != want {
				t.Fatalf("%s means\n%s, and EDN\n%s\n%s", name, got, want, file)
			}
		}
	})
}
