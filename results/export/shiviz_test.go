package export_test

import (
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"faultline/cluster/report"
	"faultline/results"
	"faultline/results/export"
)

// logged is an event as ShiViz finds it.
type logged struct {
	host, text string
	clock      map[string]int
}

// shiviz reads a log by the expression on its first line, as ShiViz does.
func shiviz(t *testing.T, r *results.Run, messages []report.Message, during export.Interval) []logged {
	t.Helper()
	log := string(written(t, func(w io.Writer) error { return export.ShiViz(w, r, messages, during) }))
	head, rest, _ := strings.Cut(log, "\n\n")
	find := regexp.MustCompile(strings.ReplaceAll(head, "(?<", "(?P<"))
	var events []logged
	matched := 0
	for _, m := range find.FindAllStringSubmatch(rest, -1) {
		e := logged{host: m[find.SubexpIndex("host")], text: m[find.SubexpIndex("event")]}
		if err := json.Unmarshal([]byte(m[find.SubexpIndex("clock")]), &e.clock); err != nil {
			t.Fatalf("%s: %v", m[0], err)
		}
		events = append(events, e)
		matched += len(m[0]) + 1
	}
	if matched != len(rest) {
		t.Errorf("%d of %d bytes are events", matched, len(rest))
	}
	return events
}

// clocksAgree checks what ShiViz asks for, and that a message brings what its sender knew.
func clocksAgree(t *testing.T, events []logged) (received int) {
	t.Helper()
	last := map[string]map[string]int{}
	sent := map[int]map[string]int{}
	for _, e := range events {
		if e.clock[e.host] != last[e.host][e.host]+1 {
			t.Fatalf("%+v is not the next of its host, which was at %d", e, last[e.host][e.host])
		}
		atLeast(t, e, last[e.host])
		last[e.host] = e.clock
		words := strings.Fields(e.text)
		if len(words) < 2 {
			continue
		}
		id, err := strconv.Atoi(words[1])
		switch {
		case err != nil:
		case words[0] == "send":
			sent[id] = e.clock
		case words[0] == "receive":
			if sent[id] == nil {
				t.Fatalf("%+v was never sent", e)
			}
			atLeast(t, e, sent[id])
			received++
		}
	}
	return received
}

func atLeast(t *testing.T, e logged, clock map[string]int) {
	t.Helper()
	for host, n := range clock {
		if e.clock[host] < n {
			t.Fatalf("%+v knows less of %s than %d", e, host, n)
		}
	}
}

func TestShiVizOfARun(t *testing.T) {
	r := realRun(t)
	messages := r.messages[:len(r.messages)/4] // the rest is the same and takes its time
	events := shiviz(t, r.Run, messages, export.Interval{To: time.Hour})
	want := 0
	for _, m := range messages {
		if m.Received >= 0 {
			want++
		}
	}
	if got := clocksAgree(t, events); got != want {
		t.Errorf("%d messages were received, not %d", got, want)
	}
	part := shiviz(t, r.Run, r.messages, export.Interval{From: 6 * time.Second, To: 7 * time.Second})
	if len(part) == 0 || len(part) > len(events)/2 {
		t.Errorf("%d events in a second", len(part))
	}
}

func TestShiVizOfHostileRuns(t *testing.T) {
	for _, text := range hostile {
		r, messages := hostileRun(t, text)
		clocksAgree(t, shiviz(t, r, messages, export.Interval{To: time.Hour}))
	}
}
