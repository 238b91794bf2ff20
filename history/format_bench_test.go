package history

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// longHistory is a register on a thousand keys with ten clients.
func longHistory(events int) *History {
	h := &History{}
	for i := 0; len(h.Events) < events; i++ {
		p := i % 10
		e := Event{Time: time.Duration(i) * 5e6, Process: p, Type: Invoke, F: "write", Key: "k" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)), Value: IntValue(int64(i)), Node: "n3"}
		h.Events = append(h.Events, e)
		e.Type, e.LogIndex, e.Time = OK, uint64(i), e.Time+1e6
		h.Events = append(h.Events, e)
	}
	return h
}

// BenchmarkStream reads each format as check does: pairing included, nothing kept.
func BenchmarkStream(b *testing.B) {
	const events = 50_000
	h := longHistory(events)
	json := write(b, h)
	edn := writeEDN(b, h)
	for _, c := range []struct {
		name string
		file []byte
	}{{"JSONLines", json}, {"JSONLines.gz", gzipped(b, json)}, {"JSONLines.zst", zstandard(b, json)}, {"EDN", edn}, {"Log", logOf(h)}, {"JSON", otherJSON(h)}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(bytes.NewReader(c.file), c.name)
				if err != nil {
					b.Fatal(err)
				}
				stream := NewStream(s)
				for err == nil {
					_, _, err = stream.Next()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*events/b.Elapsed().Seconds()/1e6, "Mevents/s")
		})
	}
}

// otherJSON is the history as another tool might write it.
func otherJSON(h *History) []byte {
	var b []byte
	for i := range h.Events {
		b = append(h.Events[i].AppendJSON(b), '\n')
	}
	return b
}

func gzipped(t testing.TB, b []byte) []byte {
	var to bytes.Buffer
	compress(t, gzip.NewWriter(&to), b)
	return to.Bytes()
}

func zstandard(t testing.TB, b []byte) []byte {
	var to bytes.Buffer
	w, err := zstd.NewWriter(&to, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	compress(t, w, b)
	return to.Bytes()
}

func compress(t testing.TB, w io.WriteCloser, b []byte) {
	t.Helper()
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
