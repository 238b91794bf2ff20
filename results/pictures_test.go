package results

import (
	"testing"
	"time"

	"faultline/history"
	"faultline/history/historytest"
)

// A crash of several nodes is one mark that names them all.
func TestFaultMarks(t *testing.T) {
	const s = time.Second
	var events []history.Event
	for i := range 10 {
		at := time.Duration(i) * s
		fault := func(f, subject, how string) {
			e := history.Event{Time: at, Type: history.Info, Process: history.Nemesis, F: f, Key: subject}
			if how != "" {
				e.Value = history.TextValue(how)
			}
			events = append(events, e)
		}
		switch i {
		case 2:
			fault("crash", "n1", "all")
			fault("crash", "n2", "all")
			fault("powerloss", "n3", "all")
		case 4:
			fault("restart", "n1", "")
			fault("restart", "n3", "")
		case 5:
			fault("restart", "n2", "")
		case 7:
			fault("crash", "n1", "one")
		case 8:
			fault("restart", "n1", "")
		default:
			fault("crash", "n9", "none")
			events[len(events)-1].Error = "no such node"
		}
	}
	marks, err := faultMarks(historytest.Tape(t, events...))
	if err != nil {
		t.Fatal(err)
	}
	if len(marks) != 3 {
		t.Fatalf("%+v", marks)
	}
	if m := marks[0]; m.Label != "n1, n2 all" || m.Track != "crash" || m.Begin != 2 || m.End != 8 || m.Detail != "crash n1, n2 all, 2s to 5s" {
		t.Errorf("%+v", m)
	}
	if marks[1].Label != "n3 all" || marks[2].Label != "n1 one" {
		t.Errorf("%+v", marks[1:])
	}
}
