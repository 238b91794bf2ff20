package history

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func open(b []byte, opts ...Option) (*History, *Source, error) {
	s, err := Open(bytes.NewReader(b), "file", opts...)
	if err != nil {
		return nil, nil, err
	}
	h, err := s.ReadAll()
	return h, s, err
}

// Whatever the order of the lines, the indexes tell it. A stream notices that it cannot go by them.
func TestOrderByIndexIsThatOfTheRecorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Filter(func(h *History) bool { return len(h.Events) > 0 }).Draw(t, "history")
		lines := strings.SplitAfter(strings.TrimSpace(string(writeEDN(t, h)))+"\n", "\n")
		lines = rapid.Permutation(lines[:len(lines)-1]).Draw(t, "lines")
		file := []byte(strings.Join(lines, ""))
		read, _, err := open(file, WithOrder(ByIndex))
		if err != nil || !slices.EqualFunc(read.Events, h.Events, sameEvent) {
			t.Fatalf("%v\n%s", err, file)
		}
		var disorder *OrderError
		read, _, err = open(file)
		switch {
		case errors.As(err, &disorder):
			if disorder.Again != ByIndex {
				t.Fatalf("%v: %v", disorder.Again, err)
			}
		case err != nil || !slices.EqualFunc(read.Events, h.Events, sameEvent):
			t.Fatalf("%v\n%s", err, file)
		}
	})
}

// A recorder that writes an operation when it has completed leaves the order of events to their times. What has the same
// time may have been concurrent, so it overlaps.
func TestOrderByTimeUndoesWritingInPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Filter(func(h *History) bool { return len(h.Events) > 0 }).Draw(t, "history")
		for i := range h.Events {
			h.Events[i].Value = Value{} // values are not what this is about
		}
		want, err := Operations(h.Events)
		if err != nil {
			t.Fatal(err)
		}
		file := inPairs(h, want)
		read, _, err := open(file, WithOrder(ByTime), WithTuples(false))
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		got, err := Operations(read.Events)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%v\n%s", err, file)
		}
		for _, a := range got {
			for _, b := range got {
				switch {
				case a.Outcome == Info || a.Process == b.Process:
				case a.Return < b.Invoke && a.Returned > b.Invoked:
					t.Fatalf("%v should precede %v\n%s", a, b, file)
				case a.Return == b.Invoke && a.Returned < b.Invoked && !completesAt(got, b.Process, b.Invoke):
					t.Fatalf("%v precedes %v, which has the same time\n%s", a, b, file)
				}
			}
		}
	})
}

// completesAt tells whether a process completes an operation at a time, and so cannot have invoked the next one before.
func completesAt(ops []Operation, process int32, at time.Duration) bool {
	return slices.ContainsFunc(ops, func(op Operation) bool { return op.Process == process && op.Returned >= 0 && op.Return == at })
}

// inPairs writes each operation when it completes, and at last what does not complete.
func inPairs(h *History, ops []Operation) []byte {
	var b []byte
	line := func(i int32) { b = append(h.Events[i].AppendJSON(b), '\n') }
	ops = slices.Clone(ops)
	slices.SortFunc(ops, func(a, b Operation) int { return cmp.Compare(uint32(a.Returned), uint32(b.Returned)) }) // -1 is last
	for _, op := range ops {
		line(op.Invoked)
		if op.Returned >= 0 {
			line(op.Returned)
		}
	}
	for i, e := range h.Events {
		if e.Process == Nemesis {
			line(int32(i))
		}
	}
	return b
}

// A stream without indexes reads what is in order of time, and notices what is not.
func TestTimesThatContradictTheLinesAreNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file []byte
		behind, latest := 0, time.Duration(0)
		for i, at := range rapid.SliceOfN(rapid.IntRange(0, 9), 1, 8).Draw(t, "times") {
			file = fmt.Appendf(file, "{:process %d :type :invoke :f :read :time %d}\n", i, at)
			if latest = max(latest, time.Duration(at)); time.Duration(at) < latest {
				behind++
			}
		}
		var disorder *OrderError
		if _, _, err := open(file); errors.As(err, &disorder) != (behind > 0) || behind > 0 && disorder.Again != ByTime {
			t.Fatalf("%d events are behind: %v\n%s", behind, err, file)
		}
		for _, order := range []Order{ByFile, ByTime} {
			_, s, err := open(file, WithOrder(order))
			if err != nil || (len(s.Warnings()) == 1) != (behind > 0) || behind > 0 && !strings.HasPrefix(s.Warnings()[0], fmt.Sprintf("%d event", behind)) {
				t.Fatalf("%d events are behind, order by %v: %v, %q\n%s", behind, order, err, s.Warnings(), file)
			}
		}
	})
}

// The order of histories of another tool is theirs to choose; time is no rule for a Stream then, as it is for ours.
func TestTimeMayRunBackwardsElsewhere(t *testing.T) {
	const events = `{"time":7,"process":0,"type":"invoke","f":"read"}` + "\n" + `{"time":6,"process":0,"type":"ok","f":"read"}` + "\n"
	for name, c := range map[string]struct {
		file string
		ok   bool
	}{
		"ours":   {`{"faultline_history":1}` + "\n" + events, false},
		"theirs": {events, true},
	} {
		s, err := Open(strings.NewReader(c.file), "file", WithOrder(ByFile))
		if err != nil {
			t.Fatal(err)
		}
		stream := NewStream(s)
		for err == nil {
			_, _, err = stream.Next()
		}
		if (err == io.EOF) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
