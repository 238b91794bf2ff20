//go:build long

package recorded

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// A history of a hundred million operations on a thousand registers is decided while it is read, in bounded
// memory:
//
//	go test -tags long -run HundredMillion -timeout 30m -v ./recorded
func TestHundredMillionOperations(t *testing.T) {
	const operations = 100_000_000
	open := func() (io.Reader, error) {
		r, w := io.Pipe()
		go func() { _ = w.CloseWithError(generate(w, operations)) }()
		return r, nil
	}
	begin, told := time.Now(), int64(0)
	result, err := checkInput(&input{ctx: context.Background(), name: "generated", open: open, close: func() {}}, Options{
		Check: checker.Options{Timeout: 20 * time.Minute}, Progress: func(p Progress) {
			if million := p.Events / 1e6; million >= told+20 {
				told = million
				t.Logf("%d million events, %d MB", million, peak()>>20)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v: %s; %.0f s, %d MB", result.Verdict.Validity, result.Verdict.Reason, time.Since(begin).Seconds(), peak()>>20)
	if result.Verdict.Validity != checker.Valid || result.Verdict.Parts[0].Operations != operations {
		t.Errorf("got %+v", result.Verdict)
	}
	const bound = 1 << 30
	if used := peak(); used > bound {
		t.Errorf("it took %d MB, more than %d", used>>20, bound>>20)
	}
}

// peak is the most memory that this process ever had, in bytes; 0 where the system does not tell.
func peak() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}

// generate writes the history of fifty clients on registers that work: each operation takes effect at a
// moment between its invocation and its return.
func generate(out io.Writer, operations int) error {
	const keys, clients = 1000, 50
	w, err := history.NewWriter(out, history.Header{})
	if err != nil {
		return err
	}
	draw := rand.New(rand.NewPCG(1, 1))
	held := make([]history.Value, keys)
	names := make([]string, keys)
	for k := range keys {
		held[k], names[k] = history.NilValue(), fmt.Sprintf("k%d", k)
	}
	type call struct {
		key     int
		write   bool
		value   history.Value
		applied bool
	}
	open := make([]*call, clients)
	started, written, now := 0, int64(0), time.Duration(0)
	for done := 0; done < operations; {
		p := draw.IntN(clients)
		c := open[p]
		now += 1000
		e := history.Event{Time: now, Process: p, F: "read"}
		switch {
		case c == nil && started < operations:
			c = &call{key: draw.IntN(keys), write: draw.IntN(3) == 0}
			if c.write {
				written++
				c.value = history.IntValue(written)
				e.F, e.Value = "write", c.value
			}
			open[p], e.Type, e.Key = c, history.Invoke, names[c.key]
			started++
		case c == nil:
			continue
		case !c.applied:
			c.applied = true
			if c.write {
				held[c.key] = c.value
			} else {
				c.value = held[c.key]
			}
			continue
		default:
			e.Type, e.Key, e.Value = history.OK, names[c.key], c.value
			if c.write {
				e.F = "write"
			}
			open[p] = nil
			done++
		}
		if err := w.Write(e); err != nil {
			return err
		}
	}
	return w.Close()
}
