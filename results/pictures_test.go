package results

import (
	"testing"
	"time"

	"faultline/history"
)

// A crash of several nodes is one mark that names them all.
func TestFaultMarks(t *testing.T) {
	const s = time.Second
	events := make([]history.Event, 10)
	for i := range events {
		events[i].Time = time.Duration(i) * s
	}
	marks := faultMarks(events, []history.Fault{
		{Kind: "crash", Subject: "n1", Detail: "all", Begin: 2 * s, End: 4 * s}, {Kind: "crash", Subject: "n2", Detail: "all", Begin: 2 * s, End: 5 * s},
		{Kind: "powerloss", Subject: "n3", Detail: "all", Begin: 2 * s, End: 4 * s}, {Kind: "crash", Subject: "n1", Detail: "one", Begin: 7 * s, End: 8 * s},
	})
	if len(marks) != 3 {
		t.Fatalf("%+v", marks)
	}
	if m := marks[0]; m.Label != "n1, n2 all" || m.Track != "crash" || m.Begin != 2 || m.End != 5 || m.Detail != "crash n1, n2 all, 2s to 5s" {
		t.Errorf("%+v", m)
	}
	if marks[1].Label != "n3 all" || marks[2].Label != "n1 one" {
		t.Errorf("%+v", marks[1:])
	}
}
