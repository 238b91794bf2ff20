package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"go.uber.org/goleak"
)

// endless repeats its text for ever.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// Whatever has no end is refused when it gets too long.
func TestEndlessInputIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ begin, on, want string }{
		"a line of ours":      {`{"faultline_history":1}` + "\n", `[`, "longer than"},
		"a header":            {`{"`, `x`, "longer than"},
		"a log line":          {"0\t:invoke\t:read\t", "[", "longer than"},
		"an operation":        {"{:value ", ", ", "longer than"},
		"other fields":        {"[{", ":a", "longer than"},
		"a JSON object":       {`{"value": `, " ", "longer than"},
		"a JSON string":       {`{"value":"`, "x", "longer than"},
		"a JSON array":        {`[{"value":`, "[", "deep"},
		"a JSON map":          {`[{"value":`, `{"a":`, "deep"},
		"a vector operation":  {"[0 :invoke :read ", "1 ", "longer than"},
		"a string":            {`{:value "`, "x", "longer than"},
		"a string of lines":   {`{:value "`, "\n", "longer than"},
		"a keyword":           {"{:", "x", "longer than"},
		"a vector":            {"{:value ", "[", "deep"},
		"discarded forms":     {"", "#_ ", "deep"},
		"tags":                {"{:value ", "#a ", "deep"},
		"a map":               {"{:value ", "{1 ", "deep"},
		"an unreadable field": {"{", "[", "deep"},
	} {
		s, err := Open(io.MultiReader(strings.NewReader(c.begin), &endless{text: strings.Repeat(c.on, 1<<12)}), "file")
		for err == nil {
			_, err = s.Next()
		}
		if !strings.HasPrefix(err.Error(), "file: line ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Memory does not grow with the history, whatever its keys are and its processes do.
func TestStreamNeedsLittleMemory(t *testing.T) {
	for name, text := range map[string]func(i int) string{
		"processes reused after info": func(i int) string {
			return "{:process 1 :type :invoke :f :write :value [" + key(i) + " 1]}{:process 1 :type :info :f :write :value [" + key(i) + " 1]}"
		},
		"new processes after info": func(i int) string {
			p := key(i)
			return "{:process " + p + " :type :invoke :f :write :value 1}{:process " + p + " :type :info :f :write :value 1}"
		},
	} {
		const events = 100_000
		i := 0
		s, err := Open(iotest.DataErrReader(&generated{next: func() string {
			if i++; i > events/2 {
				return ""
			}
			return text(i)
		}}), "file")
		if err != nil {
			t.Fatal(err)
		}
		before := heap()
		stream := NewStream(s)
		n := 0
		for ; err == nil; n++ {
			_, _, err = stream.Next()
		}
		if grown := heap() - before; err != io.EOF || n != events+1 || grown > 1<<20 {
			t.Errorf("%s: after %d events %d bytes more are in use: %v", name, n-1, grown, err)
		}
		runtime.KeepAlive(stream)
	}
}

// What is allocated for a log of sessions grows with its steps alone, however many of them a transaction has.
func TestSessionsAllocateByStep(t *testing.T) {
	for _, c := range []struct{ transactions, steps int }{{1, 1 << 16}, {200, 300}, {3000, 20}, {60_000, 1}} {
		var log bytes.Buffer
		for i := range c.transactions * c.steps {
			fmt.Fprintf(&log, "w(%d,%d,0,%d)\n", i%100, i, i/c.steps)
		}
		records := newSessionRecords(&log)
		before := allocated()
		for r := new(record); records.next(r) == nil; {
		}
		grown := (allocated() - before) / uint64(c.transactions+c.transactions*c.steps)
		if grown > 256 {
			t.Errorf("%d transactions of %d steps took %d bytes for each transaction and step", c.transactions, c.steps, grown)
		}
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func key(i int) string { return string(IntValue(int64(i)).AppendEDN(nil)) }

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// generated is text made as it is read; the empty string ends it.
type generated struct {
	next func() string
	rest string
}

func (g *generated) Read(b []byte) (int, error) {
	if g.rest == "" {
		if g.rest = g.next(); g.rest == "" {
			return 0, io.EOF
		}
	}
	n := copy(b, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// A source that is left before its end leaves nothing behind.
func TestSourceMayBeLeft(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := longHistory(20_000)
	for _, file := range [][]byte{write(t, h), gzipped(t, write(t, h)), zstandard(t, write(t, h))} {
		s, err := Open(bytes.NewReader(file), "file")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
	}
}

// An input that fails says why, and where.
func TestReadErrorIsReported(t *testing.T) {
	broken := errors.New("the disk is broken")
	for _, text := range []string{"", "{:process 1", "[{:process 1 :type :info :f :x}\n", "0\t:info\t:read\tnil\n", `{"faultline_history":1}` + "\n", "{:value \"x", "; a comment"} {
		s, err := Open(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), "file")
		for err == nil {
			_, err = s.Next()
		}
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "file: line ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
