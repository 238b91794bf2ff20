package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func events() *rapid.Generator[Event] {
	return rapid.Custom(func(t *rapid.T) Event {
		e := Event{
			Time:     time.Duration(rapid.Int64().Draw(t, "time")),
			Process:  rapid.IntRange(Nemesis, 1<<31-1).Draw(t, "process"),
			Type:     Type(rapid.IntRange(int(Invoke), int(Info)).Draw(t, "type")),
			F:        texts().Draw(t, "f"),
			Key:      texts().Draw(t, "key"),
			Node:     texts().Draw(t, "node"),
			Error:    texts().Draw(t, "error"),
			LogIndex: rapid.Uint64().Draw(t, "log index"),
			Final:    rapid.Bool().Draw(t, "final"),
		}
		if rapid.Bool().Draw(t, "has a value") {
			e.Value = values(3).Draw(t, "value")
		}
		return e
	})
}

func sameEvent(a, b Event) bool {
	equal := a.Value.Equal(b.Value)
	a.Value, b.Value = Value{}, Value{}
	return equal && a == b
}

func write(t rapid.TB, h *History) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := h.WriteTo(&b)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(b.Len()) {
		t.Fatalf("WriteTo says %d bytes and wrote %d", n, b.Len())
	}
	return b.Bytes()
}

func TestHistoryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &History{
			Header: Header{Version: Version, Spec: json.RawMessage(`{"seed":7}`), Build: texts().Draw(t, "build"), Machine: "linux/amd64"},
			Events: rapid.SliceOfN(events(), 0, 8).Draw(t, "events"),
		}
		file := write(t, h)
		read, err := Read(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		if !slices.EqualFunc(read.Events, h.Events, sameEvent) {
			t.Fatalf("%v were read back as %v", h.Events, read.Events)
		}
		if read.Header.Build != h.Header.Build || string(read.Header.Spec) != `{"seed":7}` {
			t.Fatalf("the header was read back as %+v", read.Header)
		}
		if read.Digest() != h.Digest() || !bytes.Equal(write(t, read), file) {
			t.Fatal("written again it is another file")
		}
	})
}

// Bytes that are no UTF-8 have no place in a history: two of them would be read back as the same character.
func TestTextThatIsNotUTF8IsNotWritten(t *testing.T) {
	for _, e := range []Event{
		{Type: Invoke, F: "read\xff"}, {Type: Invoke, F: "read", Key: "a\xffb"}, {Type: OK, F: "read", Value: TextValue("\xc3\x28")},
		{Type: Info, F: "read", Error: "\xed\xa0\x80"}, {Type: OK, F: "read", Value: ListValue(NilValue(), SetValue(TextValue("\x80")))},
	} {
		h := &History{Events: []Event{e}}
		for name, write := range map[string]func(io.Writer) error{
			"JSON lines": func(w io.Writer) error { _, err := h.WriteTo(w); return err },
			"EDN":        h.WriteEDN,
		} {
			if err := write(io.Discard); !errors.Is(err, errNotUTF8) {
				t.Errorf("%v as %s: %v", e, name, err)
			}
		}
	}
}

// What is escaped, and how, is what encoding/json does: digests depend on it.
func TestStringsAreThoseOfEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts().Draw(t, "text")
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		if got := string(appendString(nil, s)) + "\n"; got != want.String() {
			t.Fatalf("%q is written as %s instead of %s", s, got, want.String())
		}
	})
}

// What could not be read back is not written.
func TestWriterRefusesWhatReaderWould(t *testing.T) {
	deep := NilValue()
	for range maxDepth {
		deep = ListValue(deep)
	}
	for _, c := range []struct {
		name  string
		value Value
		ok    bool
	}{
		{"as deep as may be", deep, true},
		{"too deep", ListValue(deep), false},
		{"a long line", TextValue(strings.Repeat("x", maxLine/2)), true},
		{"too long a line", TextValue(strings.Repeat("x", maxLine)), false},
	} {
		var b bytes.Buffer
		out, err := NewWriter(&b, Header{})
		if err != nil {
			t.Fatal(err)
		}
		err = out.Write(Event{Type: OK, F: "read", Value: c.value})
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if h, err := Read(&b); err != nil || len(h.Events) != map[bool]int{true: 1}[c.ok] {
			t.Errorf("%s was not read back: %v", c.name, err)
		}
	}
}

func sample(t rapid.TB) (*History, []byte) {
	t.Helper()
	h := &History{
		Header: Header{Version: Version, Spec: json.RawMessage(`{"seed":7}`), Build: "b"},
		Events: []Event{
			{Time: 0, Process: 0, Type: Invoke, F: "cas", Key: "x", Value: PairValue(1, 2), Node: "n1"},
			{Time: 1e6, Process: Nemesis, Type: Info, F: "crash", Key: "n1", Value: TextValue("kill -9 <é>")},
			{Time: 2e6, Process: 0, Type: OK, F: "cas", Key: "x", Value: ListValue(NilValue(), TextValue(`"`)), Node: "n2", LogIndex: 12},
			{Time: 2e6, Process: 1, Type: Invoke, F: "read"},
			{Time: 3e6, Process: 1, Type: Fail, F: "read", Error: "not leader"},
		},
	}
	return h, write(t, h)
}

// A file that was cut off anywhere is no history.
func TestCutOffFileIsRefused(t *testing.T) {
	_, file := sample(t)
	for n := range len(file) - 1 { // only the last newline may be missing
		if _, err := Read(bytes.NewReader(file[:n])); err == nil {
			t.Errorf("the first %d of %d bytes were read", n, len(file))
		} else if !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
}

// A file in which a byte was changed is refused, unless it still says the same of every event.
func TestEditedFileIsRefused(t *testing.T) {
	h, file := sample(t)
	for i := range file {
		for _, c := range []byte{'0', '9', ' ', '"', '\\', '\n', ']', 0, 0xff} {
			edited := bytes.Clone(file)
			edited[i] = c
			read, err := Read(bytes.NewReader(edited))
			if err == nil && !slices.EqualFunc(read.Events, h.Events, sameEvent) {
				t.Errorf("byte %d, %q instead of %q: read as another history", i, c, file[i])
			}
		}
	}
}

func TestLinesThatWereMovedAreNoticed(t *testing.T) {
	_, file := sample(t)
	lines := strings.SplitAfter(string(file), "\n")
	for name, edited := range map[string][]string{
		"dropped":                      slices.Delete(slices.Clone(lines), 2, 3),
		"repeated":                     slices.Insert(slices.Clone(lines), 2, lines[1]),
		"swapped":                      {lines[0], lines[2], lines[1], lines[3], lines[4], lines[5], lines[6]},
		"followed":                     append(slices.Clone(lines), lines[1]),
		"followed by what is too long": append(slices.Clone(lines), strings.Repeat("x", maxLine+1)),
	} {
		if _, err := Read(strings.NewReader(strings.Join(edited, ""))); err == nil {
			t.Errorf("a line was %s and the history was read", name)
		}
	}
}

// The digest is that of the events, not of how they are spelled.
func TestDigestIsIndependentOfSpelling(t *testing.T) {
	h, file := sample(t)
	lines := strings.Split(strings.TrimSpace(string(file)), "\n")
	for i, line := range lines[1 : len(lines)-1] {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		sorted, err := json.Marshal(fields) // in another order, with < and é escaped
		if err != nil {
			t.Fatal(err)
		}
		lines[1+i] = strings.NewReplacer(`,"`, "\t, \"", `":`, `" : `, "é", `\u00e9`).Replace(string(sorted)) + " \r"
	}
	read, err := Read(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	if read.Digest() != h.Digest() {
		t.Errorf("%s, want %s", read.Digest(), h.Digest())
	}
}

func TestDigestIsThatOfTheFile(t *testing.T) {
	const known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // SHA-256 of nothing
	if d := new(History).Digest(); d != known {
		t.Errorf("the digest of no events is %s", d)
	}
	h, file := sample(t)
	if !bytes.Contains(file, []byte(h.Digest())) {
		t.Error("the file does not carry the digest")
	}
	for i := range h.Events {
		changed := &History{Events: slices.Clone(h.Events)}
		changed.Events[i].Time++
		if changed.Digest() == h.Digest() {
			t.Errorf("event %d does not enter the digest", i)
		}
	}
}

type fullDisk struct{ room int }

func (d *fullDisk) Write(b []byte) (int, error) {
	n := min(len(b), d.room)
	d.room -= n
	if n < len(b) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

func TestWriteErrorIsReported(t *testing.T) {
	h, file := sample(t)
	for room := range len(file) {
		n, err := h.WriteTo(&fullDisk{room})
		if err == nil {
			t.Fatalf("%d bytes into room for %d", len(file), room)
		}
		if n != int64(room) {
			t.Fatalf("%d bytes were written, WriteTo says %d", room, n)
		}
	}
}

// The reader never panics, and what it reads it reads again the same once written.
func FuzzRead(f *testing.F) {
	_, file := sample(f)
	f.Add(file)
	f.Add([]byte(`{"faultline_history":1}` + "\n" + `{"events":0,"digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`))
	f.Add([]byte(`{"faultline_history":1}` + "\n" + `{"type":"ok","value":[[[[]]],"\u00`))
	f.Add([]byte(`{"faultline_history":2}`))
	f.Add([]byte("\n\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		readLines(t, b)
		h, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := Read(bytes.NewReader(write(t, h)))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(again.Events, h.Events, sameEvent) || again.Digest() != h.Digest() {
			t.Fatalf("%v were read again as %v", h.Events, again.Events)
		}
	})
}

// readLines reads each line as an event of its own: few inputs get as far as a digest that agrees.
func readLines(t *testing.T, b []byte) {
	for line := range bytes.Lines(b) {
		s := scanner{b: bytes.TrimRight(line, "\r\n"), names: new(names)}
		var e, again Event
		fast := scanner{names: new(names)}
		isCanonical := fast.canonical(line, &again)
		if err := s.event(&e); err != nil {
			if isCanonical {
				t.Fatalf("%q is not an event and was read as %v", line, again)
			}
			continue
		}
		if isCanonical && (!sameEvent(e, again) || !bytes.Equal(append(e.AppendJSON(nil), '\n'), line)) {
			t.Fatalf("%q was read as %v and as %v", line, e, again)
		}
		s = scanner{b: e.AppendJSON(nil)}
		if err := s.event(&again); err != nil || !sameEvent(e, again) {
			t.Fatalf("%v was read again as %v: %v", e, again, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	h := &History{}
	for i := range 24_000 {
		h.Events = append(h.Events, Event{Time: time.Duration(i) * 5e6, Process: i % 10, Type: Type(1 + i%2), F: "write", Key: "k7", Value: IntValue(int64(i)), Node: "n3"})
	}
	file := write(b, h)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
}
