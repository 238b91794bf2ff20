package hermitage

import (
	"strings"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
	"faultline/workloads"
)

// Act is a line of a case that was done.
type Act struct {
	workloads.Line `json:"-"`

	Text  string        `json:"line"`
	Begin time.Duration `json:"begin_ns"` // since the first line of the case
	End   time.Duration `json:"end_ns"`   // the same as Begin if it never ended
	Type  history.Type  `json:"type"`
	Read  history.Value `json:"read"` // what it read; None if it read nothing
	Error string        `json:"error,omitempty"`
}

// Waited reports whether an act was not done when the next line was due.
func (a Act) Waited() bool { return a.End-a.Begin >= workloads.LineEvery }

// acts are the lines of a case that were carried out, without its setup and its end, in the order in which they began.
func acts(a workloads.Anomaly, events []history.Event) []Act {
	var all []Act
	open := map[int]int{} // the act that each process is at
	for _, e := range events {
		by, ours := strings.CutPrefix(e.Key, a.Name+" ")
		if !ours || !strings.HasPrefix(by, "T") {
			continue
		}
		if e.Type == history.Invoke {
			open[e.Process] = len(all)
			all = append(all, begun(a, by, e))
			continue
		}
		act := &all[open[e.Process]]
		act.End, act.Type, act.Error = e.Time, e.Type, e.Error
		if step, err := ops.DecodeStep(e.Value); err == nil && !step.Writes() && e.Type == history.OK {
			act.Read = unprefixed(a, step.Value)
		}
	}
	if len(all) > 0 {
		first := all[0].Begin
		for i := range all {
			all[i].Begin, all[i].End = all[i].Begin-first, all[i].End-first
		}
	}
	return all
}

func begun(a workloads.Anomaly, by string, e history.Event) Act {
	act := Act{Line: workloads.Line{By: by, Do: e.F}, Begin: e.Time, End: e.Time}
	if step, err := ops.DecodeStep(e.Value); err == nil {
		step.Key = strings.TrimPrefix(step.Key, a.Keys())
		act.Step = step
	}
	act.Text = act.Line.String()
	return act
}

// unprefixed is what a step read, with the keys of a scan as the case names them.
func unprefixed(a workloads.Anomaly, read history.Value) history.Value {
	entries, isMap := read.Map()
	if !isMap {
		return read
	}
	for i, e := range entries {
		key, _ := e[0].Text()
		entries[i][0] = history.TextValue(strings.TrimPrefix(key, a.Keys()))
	}
	return history.MapValue(entries...)
}
