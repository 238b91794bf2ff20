package history

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func played(t rapid.TB, of *Tape) []Event {
	t.Helper()
	h, err := of.History()
	if err != nil {
		t.Fatal(err)
	}
	return h.Events
}

// A tape tells what the history tells, each time that it is played.
func TestTape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Draw(t, "history")
		tape, err := h.Tape()
		if err != nil {
			t.Fatal(err)
		}
		var text, same bytes.Buffer
		if _, err := h.WriteTo(&text); err != nil {
			t.Fatal(err)
		}
		if _, err := tape.WriteTo(&same); err != nil || !bytes.Equal(text.Bytes(), same.Bytes()) {
			t.Fatalf("%v: %s\nbecame\n%s", err, text.Bytes(), same.Bytes())
		}
		read, err := ReadTape(&text)
		if err != nil {
			t.Fatal(err)
		}
		for _, tape := range []*Tape{tape, read} {
			if tape.Digest() != h.Digest() || tape.Len() != len(h.Events) || !reflect.DeepEqual(tape.Faults(), Faults(h.Events)) {
				t.Fatalf("%v became %+v", h.Events, tape)
			}
			want, wantErr := Operations(h.Events)
			got, err := tape.AllOperations()
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || err == nil && !slices.EqualFunc(got, want, sameOperation) {
				t.Fatalf("%v, %v\nbecame\n%v, %v", want, wantErr, got, err)
			}
		}
	})
}

func sameOperation(a, b Operation) bool {
	return a.F == b.F && a.Key == b.Key && a.Input.Equal(b.Input) && a.Output.Equal(b.Output) && a.Invoke == b.Invoke && a.Return == b.Return &&
		a.LogIndex == b.LogIndex && a.Node() == b.Node() && a.Reason() == b.Reason() && a.Invoked == b.Invoked && a.Returned == b.Returned &&
		a.Process == b.Process && a.Outcome == b.Outcome && a.Final == b.Final
}

// A tape of no events is one that nobody has made.
func TestTapeOfNothing(t *testing.T) {
	var tape Tape
	if events := played(t, &tape); len(events) > 0 || tape.Digest() != (&History{}).Digest() || tape.Len() != 0 || tape.End() != 0 || tape.Faults() != nil {
		t.Errorf("%v, %+v", events, tape)
	}
}

// A long tape stays in its file, which may be removed.
func TestLongTapes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var h History
	for i := range 3 * longTape / 1000 {
		h.Events = append(h.Events, Event{Process: i, Type: Info, F: "read", Value: TextValue(strings.Repeat("x", 1000+i%7)), Key: fmt.Sprint("k", i%9)})
	}
	if err := os.WriteFile(path, handedOver(t, h.Events), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	tape, err := TakeOver(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := played(t, tape); !slices.EqualFunc(h.Events, got, sameEvent) {
			t.Fatalf("%d events became %d others", len(h.Events), len(got))
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := tape.History(); !errors.Is(err, os.ErrClosed) || !strings.Contains(err.Error(), "event ") {
		t.Errorf("a file that cannot be read any more: %v", err)
	}
}
