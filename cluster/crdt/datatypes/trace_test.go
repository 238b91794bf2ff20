package datatypes

import (
	"compress/gzip"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"faultline/cluster/logical"
)

// traceFile names the file of an editing trace in the format of github.com/josephg/editing-traces, such as sequential_traces/automerge-paper.json.gz.
const traceFile = "FAULTLINE_EDITING_TRACE"

// edit inserts a character at an index, or deletes the one there.
type edit struct {
	index  int
	insert rune // 0 for a delete
}

// trace is what somebody typed, and what came of it.
type trace struct {
	edits []edit
	end   []rune
}

func readTrace(t testing.TB, path string) (tr trace) {
	t.Helper()
	var stored struct {
		EndContent string
		Txns       []struct{ Patches [][3]any }
	}
	file, err := os.Open(path)
	if err == nil {
		defer file.Close()
		var unzipped *gzip.Reader
		if unzipped, err = gzip.NewReader(file); err == nil {
			err = json.NewDecoder(unzipped).Decode(&stored)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, txn := range stored.Txns {
		for _, patch := range txn.Patches {
			index := int(patch[0].(float64))
			for range int(patch[1].(float64)) {
				tr.edits = append(tr.edits, edit{index: index})
			}
			for i, r := range []rune(patch[2].(string)) {
				tr.edits = append(tr.edits, edit{index + i, r})
			}
		}
	}
	tr.end = []rune(stored.EndContent)
	return tr
}

// generatedTrace is of somebody who mostly goes on where he is, deletes a fifth of what he has typed, and jumps now and then.
func generatedTrace(n int) (tr trace) {
	draw := rand.New(rand.NewPCG(1, 2))
	at := 0
	for range n {
		switch p := draw.Float64(); {
		case p < 0.02:
			at = draw.IntN(len(tr.end) + 1)
		case p < 0.2 && at > 0:
			at--
			tr.edits = append(tr.edits, edit{index: at})
			tr.end = slices.Delete(tr.end, at, at+1)
			continue
		}
		r := 'a' + draw.Int32N(26)
		tr.edits = append(tr.edits, edit{at, r})
		tr.end = slices.Insert(tr.end, at, r)
		at++
	}
	return tr
}

func traced(t testing.TB) trace {
	if path := os.Getenv(traceFile); path != "" {
		return readTrace(t, path)
	}
	return generatedTrace(100_000)
}

// typist types a trace at a replica.
type typist struct {
	text  *Text
	actor string
	n     uint64
	runes map[logical.Dot]rune
	sent  []func(*Text) // what other replicas are to take in
}

func (w *typist) do(e edit) {
	if e.insert == 0 {
		dot := w.text.Delete(e.index)
		w.sent = append(w.sent, func(t *Text) { t.Drop(dot) })
		return
	}
	w.n++
	span := w.text.Insert(logical.Dot{Node: w.actor, N: w.n}, e.index)
	w.runes[span.Dot] = e.insert
	w.sent = append(w.sent, func(t *Text) { t.Take(span) })
}

func (w *typist) written(t *Text) []rune {
	var all []rune
	for dot := range t.Characters() {
		all = append(all, w.runes[dot])
	}
	return all
}

// TestTrace types an editing trace at one replica and sends it to another, and both have what its author had. Set FAULTLINE_EDITING_TRACE to the path of a
// recorded one.
func TestTrace(t *testing.T) {
	tr := traced(t)
	w := &typist{text: NewText(), actor: "a", runes: map[logical.Dot]rune{}}
	begin := time.Now()
	for _, e := range tr.edits {
		w.do(e)
	}
	typed := time.Since(begin)
	other := NewText()
	begin = time.Now()
	for _, take := range w.sent {
		take(other)
	}
	took := time.Since(begin)
	for name, text := range map[string]*Text{"the replica of the author": w.text, "the other replica": other} {
		if got := w.written(text); !slices.Equal(got, tr.end) || text.Len() != len(tr.end) {
			t.Errorf("%s has %d characters, and should have %d", name, len(got), len(tr.end))
		}
	}
	second := func(d time.Duration) int { return int(float64(len(tr.edits)) / d.Seconds()) }
	t.Logf("%d edits: %d typed in a second, %d of another replica taken in", len(tr.edits), second(typed), second(took))
}

// TestConcurrentTraces: two type different traces into one text, each without seeing the other, and then get what the other has typed, in any
// order. Both have the same text, and each run is in one piece.
func TestConcurrentTraces(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	runes := map[logical.Dot]rune{}
	a := &typist{text: NewText(), actor: "a", runes: runes}
	b := &typist{text: NewText(), actor: "b", runes: runes}
	for _, w := range []*typist{a, b} {
		for _, e := range generatedTrace(5_000).edits {
			w.do(e)
		}
	}
	for _, pair := range [][2]*typist{{a, b}, {b, a}} {
		sent := slices.Clone(pair[1].sent)
		draw.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
		for _, take := range sent {
			take(pair[0].text)
		}
	}
	first, second := slices.Collect(a.text.Characters()), slices.Collect(b.text.Characters())
	if !slices.Equal(first, second) {
		t.Fatal("they differ")
	}
	changes := 0
	for i := range first[1:] {
		if first[i].Node != first[i+1].Node {
			changes++
		}
	}
	if changes != 1 {
		t.Errorf("what one has typed is in pieces: it changes %d times who has typed", changes)
	}
}

func BenchmarkTrace(b *testing.B) {
	tr := traced(b)
	for b.Loop() {
		w := &typist{text: NewText(), actor: "a", runes: map[logical.Dot]rune{}}
		for _, e := range tr.edits {
			w.do(e)
		}
	}
	b.ReportMetric(float64(len(tr.edits))*float64(b.N)/b.Elapsed().Seconds(), "edits/s")
}
