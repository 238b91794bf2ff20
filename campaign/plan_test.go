package campaign

import (
	"testing"
	"time"
)

// What is wrong with a plan is found out before anything is run.
func TestValidate(t *testing.T) {
	tests := []struct {
		spoil func(*Plan)
		want  string // empty for a good plan
	}{
		{func(*Plan) {}, ""},
		{func(p *Plan) { p.Keep = 0 }, ""},
		{func(p *Plan) { p.Schedule, p.ScheduleFile = "1s crash n1\n", "f.txt" }, ""},
		{func(p *Plan) { p.Count = 0 }, "test count 0: give 1 or more"},
		{func(p *Plan) { p.Keep = -1 }, "keep -1: give 0 or more"},
		{func(p *Plan) { p.CheckTimeout = 0 }, "check timeout 0s: give more than 0"},
		{func(p *Plan) { p.Spec.Workload = "regsiter" }, `unknown workload "regsiter"; did you mean register?`},
		{func(p *Plan) { p.Spec.Interval = time.Hour }, "time limit 4s: too short for a nemesis interval of 1h0m0s, as the first 1s are without faults"},
		{func(p *Plan) { p.Schedule = "1s crash n4\n" }, `line 1, column 10: unknown node "n4"; there are n1, n2, n3, leader, one, minority, majority, all`},
		{func(p *Plan) { p.ScheduleFile = "f.txt" }, "f.txt: there are no events in it"},
		{func(p *Plan) { p.Schedule, p.ScheduleFile = "# nothing\n", "f.txt" }, "f.txt: there are no events in it"},
	}
	for _, tt := range tests {
		p := quickPlan(1)
		tt.spoil(&p)
		got := ""
		if err := p.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
