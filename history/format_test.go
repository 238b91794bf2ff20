package history

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"
)

// histories keep the rules: what a world or another tool could have recorded.
func histories() *rapid.Generator[*History] {
	return rapid.Custom(func(t *rapid.T) *History {
		h, open, next := &History{}, map[int]Event{}, 3
		keyed, begun := rapid.Bool().Draw(t, "keyed"), false
		clients, now := []int{0, 1, 2}, time.Duration(0)
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			now += time.Duration(rapid.IntRange(0, 3).Draw(t, "ns"))
			c := rapid.IntRange(-1, len(clients)-1).Draw(t, "client")
			e := events().Draw(t, "event")
			e.Time, e.Process, e.Type = now, Nemesis, Info
			if c >= 0 {
				e.Process = clients[c]
				e.F = rapid.SampledFrom([]string{"read", "cas", "write", "x y"}).Draw(t, "f")
			}
			switch first := c >= 0 && !begun; {
			case c >= 0 && !keyed:
				e.Key = ""
			case first && e.Key == "":
				e.Key = "k" // the first operation decides whether there are keys
			}
			begun = begun || c >= 0
			if invoked, ok := open[e.Process]; ok {
				e.F, e.Key, e.Type = invoked.F, invoked.Key, Type(rapid.IntRange(int(OK), int(Info)).Draw(t, "outcome"))
				delete(open, e.Process)
				if _, agree := argumentOf(&Operation{F: e.F, Input: invoked.Value}, &e); !agree {
					e.Value = invoked.Value
				}
				if e.Type == Info {
					clients[c], next = next, next+1
				}
			} else if c >= 0 {
				e.Type = Invoke
				open[e.Process] = e
			}
			h.Events = append(h.Events, e)
		}
		return h
	})
}

func writeEDN(t rapid.TB, h *History) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := h.WriteEDN(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// logOf is the history as lines of a log, so far as these can tell it.
func logOf(h *History) []byte {
	var b []byte
	for _, e := range h.Events {
		b = fmt.Appendf(b, "INFO  jepsen.util - %d\t:%v\t:%s\t%s\n", e.Process, e.Type, e.F, e.Value.AppendEDN(nil))
	}
	return b
}

// readAny reads a file of any format.
func readAny(r io.Reader) (*History, error) {
	s, err := Open(r, "file")
	if err != nil {
		return nil, err
	}
	return s.ReadAll()
}

// A history written as EDN and read back is the same history.
func TestEDNRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Draw(t, "history")
		file := writeEDN(t, h)
		if n := bytes.Count(file, []byte("\n")); n != len(h.Events) {
			t.Fatalf("%d lines for %d events", n, len(h.Events))
		}
		if len(h.Events) == 0 {
			return
		}
		read, err := readAny(iotest.OneByteReader(bytes.NewReader(file)))
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		if !slices.EqualFunc(read.Events, h.Events, sameEvent) || read.Digest() != h.Digest() {
			t.Fatalf("%s\n%v were read back as %v", file, h.Events, read.Events)
		}
	})
}

// A vector of operations is read as the operations are, however it is laid out.
func TestEDNLayoutMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Filter(func(h *History) bool { return len(h.Events) > 0 }).Draw(t, "history")
		file := string(writeEDN(t, h))
		space := rapid.SampledFrom([]string{"\n", " ", ",", "\r\n", "; \"[{\n", "#_{:type :ok}", "#_ [1 #_ #_ 2 3]"})
		var b strings.Builder
		b.WriteString("[")
		for line := range strings.Lines(file) {
			for field := range strings.SplitSeq(strings.TrimSpace(line), ", :") {
				b.WriteString(strings.ReplaceAll(field, "{:index", space.Draw(t, "space")+"#jepsen.history.Op {:index"))
				b.WriteString(" " + space.Draw(t, "space") + " :")
			}
			b.WriteString("\x00")
		}
		laidOut := strings.NewReplacer(":\x00", "\n").Replace(b.String()) + "]"
		read, err := readAny(strings.NewReader(laidOut))
		if err != nil || !slices.EqualFunc(read.Events, h.Events, sameEvent) {
			t.Fatalf("%v\n%s", err, laidOut)
		}
	})
}

// A client that keeps its number after info is read as one process after the other.
func TestProcessesAreRenamedAfterInfo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Draw(t, "history")
		client := map[int]int{0: 0, 1: 1, 2: 2} // process → its client
		reused := &History{}
		next := 3
		for _, e := range h.Events {
			reused.Events = append(reused.Events, e)
			if e.Process == Nemesis {
				continue
			}
			reused.Events[len(reused.Events)-1].Process = client[e.Process]
			if e.Type == Info {
				client[next], next = client[e.Process], next+1
			}
		}
		read, err := readAny(bytes.NewReader(fmt.Appendf(nil, "[%s]", writeEDN(t, reused))))
		if err != nil {
			t.Fatal(err)
		}
		want, err := Operations(h.Events)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Operations(read.Events)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d operations instead of %d: %v", len(got), len(want), err)
		}
		for i := range got {
			if int(got[i].Process)%nextLife != client[int(want[i].Process)] || got[i].Invoked != want[i].Invoked || got[i].Returned != want[i].Returned {
				t.Fatalf("%+v instead of %+v", got[i], want[i])
			}
		}
	})
}

// Reading ahead for what values mean has a bound, whatever is left open.
func TestLookaheadEnds(t *testing.T) {
	write := func(n int) string {
		return strings.Repeat("{:process 0 :type :invoke :f :write :value [3 4]}{:process 0 :type :ok :f :write :value [3 4]}", n)
	}
	const read = "{:process 0 :type :invoke :f :read :value nil}"
	h, err := readAny(strings.NewReader(write(lookahead/2-1) + read))
	if err != nil || h.Events[0].Key != "" {
		t.Errorf("the read was not looked at: %v", err)
	}
	if _, err = readAny(strings.NewReader(write(lookahead) + read)); err == nil || !strings.Contains(err.Error(), "tuple") {
		t.Errorf("reading ahead had no end: %v", err)
	}
}

// What streams is what is read at once, and the same operations.
func TestStreamAgreesWithOperations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Draw(t, "history")
		want, err := Operations(h.Events)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(bytes.NewReader(write(t, h)), "file")
		if err != nil {
			t.Fatal(err)
		}
		stream := NewStream(s)
		var ops []Operation
		for i := 0; ; i++ {
			e, op, err := stream.Next()
			if err == io.EOF {
				break
			}
			if err != nil || !sameEvent(*e, h.Events[i]) {
				t.Fatal(e, err)
			}
			if op != nil {
				ops = append(ops, *op)
			}
		}
		ops = append(ops, stream.Pending()...)
		slices.SortFunc(ops, func(a, b Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
		if renderOperations(ops) != renderOperations(want) {
			t.Fatalf("%v instead of %v", ops, want)
		}
	})
}

func TestCompressedFilesAreRead(t *testing.T) {
	h, file := sample(t)
	h.Events = h.Events[:1]
	edn := writeEDN(t, h)
	for name, plain := range map[string][]byte{"ours": file, "EDN": edn, "EDN with a byte order mark": append([]byte("\ufeff"), edn...)} {
		want, err := readAny(bytes.NewReader(plain))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for kind, b := range map[string][]byte{"gzip": gzipped(t, plain), "zstd": zstandard(t, plain)} {
			read, err := readAny(bytes.NewReader(b))
			if err != nil || read.Digest() != want.Digest() {
				t.Errorf("%s with %s: %v", name, kind, err)
			}
			for n := 4; n < len(b); n++ {
				if _, err := readAny(bytes.NewReader(b[:n])); err == nil || !strings.HasPrefix(err.Error(), "file: line ") {
					t.Errorf("the first %d of %d bytes of %s with %s: %v", n, len(b), name, kind, err)
				}
			}
		}
	}
}
