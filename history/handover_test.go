package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is taken over is what was handed over, event for event.
func TestHandover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Draw(t, "history")
		file := handedOver(t, h.Events)
		tape, err := takeOver(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if got := played(t, tape); tape.Digest() != h.Digest() || !slices.EqualFunc(h.Events, got, sameEvent) {
			t.Fatalf("%v became %v", h.Events, got)
		}
		cut := rapid.IntRange(0, len(file)-1).Draw(t, "cut")
		if _, err := takeOver(bytes.NewReader(file[:cut]), int64(cut)); err == nil {
			t.Fatalf("%d of %d bytes were taken for a whole file", cut, len(file))
		}
	})
}

// A history may have any number of texts.
func TestHandoverOfManyTexts(t *testing.T) {
	var events []Event
	for i := range 3 * handoverTexts {
		events = append(events, Event{Process: i, Type: Info, F: "read", Key: fmt.Sprint("key ", i), Error: fmt.Sprint("error ", i%100)})
	}
	file := handedOver(t, events)
	tape, err := takeOver(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if got := played(t, tape); !slices.EqualFunc(events, got, sameEvent) {
		t.Errorf("%d events became %d others", len(events), len(got))
	}
}

// What no file of a history can hold is refused, with the number of the event.
func TestHandoverRefuses(t *testing.T) {
	deep := IntValue(1)
	for range maxDepth + 1 {
		deep = ListValue(deep)
	}
	for _, e := range []Event{{Type: OK, F: "\xff"}, {Type: OK, Value: TextValue("\xff")}, {Type: OK, Value: deep},
		{Type: OK, Value: TextValue(strings.Repeat("x", maxLine))}} {
		h := NewHandover(&bytes.Buffer{})
		h.Write(&Event{Type: Invoke, F: "read"})
		h.Write(&e)
		h.Write(&Event{Type: Invoke, F: "read"})
		if err := h.Close(); err == nil || !strings.Contains(err.Error(), "event 2: ") {
			t.Errorf("the error is %v", err)
		}
	}
}

func handedOver(t rapid.TB, events []Event) []byte {
	var file bytes.Buffer
	h := NewHandover(&file)
	for i := range events {
		h.Write(&events[i])
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// A disk that is full is told with the first event that finds it so, and nothing is written behind what is missing.
func TestHandoverToAFullDisk(t *testing.T) {
	disk := &fullDisk{3 * handoverPiece}
	h := NewHandover(disk)
	var err error
	events := 0
	for ; err == nil && events < 1<<20; events++ {
		err = h.Write(&Event{Type: Invoke, F: "write", Value: TextValue(strings.Repeat("x", 100))})
	}
	if !errors.Is(err, io.ErrShortWrite) || events > 4*handoverPiece/100 {
		t.Fatalf("%v after %d events", err, events)
	}
	disk.room = 1 << 20 // somebody has made room
	if again, end := h.Write(&Event{Type: Invoke, F: "read"}), h.Close(); again != err || end != err || disk.room != 1<<20 {
		t.Errorf("%v, %v, and room for %d bytes", again, end, disk.room)
	}
}
