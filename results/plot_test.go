package results

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	image "image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg"

	"faultline/history"
)

// drawn are the plots by the names of their files.
func drawn(t testing.TB, ops []history.Operation, faults []history.Fault, end time.Duration) map[string][]byte {
	t.Helper()
	operations := func(yield func(*history.Operation, error) bool) {
		for i := range ops {
			if !yield(&ops[i], nil) {
				return
			}
		}
	}
	s, err := newSketch(operations, faults, end)
	if err != nil {
		t.Fatal(err)
	}
	files, err := plots(s)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := overview(new(png), s)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"picture.png": picture}
	for _, f := range files {
		var b bytes.Buffer
		if err := f.content(&b); err != nil {
			t.Fatal(err)
		}
		all[f.name] = b.Bytes()
	}
	return all
}

// sound reports what is wrong with the file of a plot.
func sound(name string, b []byte) error {
	if strings.HasSuffix(name, ".png") {
		m, err := image.Decode(bytes.NewReader(b))
		if err == nil && m.Bounds().Dx() != 1200 {
			err = fmt.Errorf("it is %v", m.Bounds())
		}
		return err
	}
	if bytes.Contains(b, []byte("NaN")) || bytes.Contains(b, []byte("Inf")) {
		return errors.New("it has coordinates that are no numbers")
	}
	return wellFormed(b)
}

func wellFormed(b []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestPlotsOfFewOperations(t *testing.T) {
	one := history.Operation{F: "read", Outcome: history.OK, Invoke: time.Second, Return: time.Second, Returned: 1}
	unfinished := history.Operation{F: "read", Outcome: history.Info, Returned: -1}
	atOnce := history.Fault{Kind: "crash", Begin: time.Second, End: time.Second}
	for _, c := range []struct {
		name   string
		ops    []history.Operation
		faults []history.Fault
		end    time.Duration
	}{
		{"nothing", nil, nil, 0},
		{"one that took no time", []history.Operation{one}, []history.Fault{atOnce}, time.Second},
		{"one that never ended", []history.Operation{unfinished}, nil, time.Nanosecond},
		{"a week", []history.Operation{one, unfinished}, []history.Fault{atOnce}, 7 * 24 * time.Hour},
	} {
		for name, b := range drawn(t, c.ops, c.faults, c.end) {
			if err := sound(name, b); err != nil {
				t.Errorf("%s of %s: %v", name, c.name, err)
			}
		}
	}
}

// A plot stays small however many operations, functions and faults there are, and is the same each time.
func TestPlotsOfManyOperations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	const end = 10 * time.Minute
	ops := make([]history.Operation, 300_000)
	for i := range ops {
		at := time.Duration(rng.Int64N(int64(end)))
		ops[i] = history.Operation{
			F: strings.Repeat("f", 1+rng.IntN(30)), Outcome: outcomes[rng.IntN(3)], Invoke: at,
			Return: min(end, at+time.Duration(rng.ExpFloat64()*1e8)), Returned: int32(i),
		}
	}
	var faults []history.Fault
	for range 20_000 {
		at := time.Duration(rng.Int64N(int64(end)))
		faults = append(faults, history.Fault{Kind: strings.Repeat("k", 1+rng.IntN(30)), Begin: at, End: min(end, at+time.Second/2)})
	}
	first, second := drawn(t, ops, faults, end), drawn(t, ops, faults, end)
	for name, b := range first {
		if len(b) > 2<<20 {
			t.Errorf("%s takes %d bytes", name, len(b))
		}
		if !bytes.Equal(b, second[name]) {
			t.Errorf("%s differs from one time to the next", name)
		}
		if err := sound(name, b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A sieve keeps what stands alone, however many points lie on others.
func TestSieveKeepsWhatStandsAlone(t *testing.T) {
	for _, points := range []int{5_000, 3 * pointsAtOnce} {
		s := sieve{most: 10, corner: vg.Point{X: 1000, Y: 500}}
		for i := range points {
			s.add(vg.Point{X: vg.Length(i%100) / 1000, Y: vg.Length(i) / vg.Length(points) / 10})
		}
		outlier := vg.Point{X: 500, Y: 200}
		s.add(outlier)
		if kept := s.left(); len(kept) > 10 || kept[len(kept)-1] != outlier || s.count != points+1 {
			t.Errorf("of %d points %v are kept", s.count, kept)
		}
	}
}

func TestBinsCoverTheRun(t *testing.T) {
	for end := time.Duration(0); end < 100*time.Hour; end = end*5/4 + 77*time.Millisecond {
		b := newBins(end)
		last := time.Duration(0)
		for i := range b.n {
			from, to := b.bounds(i)
			if from != last || to <= from {
				t.Fatalf("a run of %v: bin %d of %d is from %v to %v", end, i, b.n, from, to)
			}
			last = to
			if b.of(from) != i || b.of(to-1) != i {
				t.Fatalf("a run of %v: %v is not in bin %d", end, from, i)
			}
		}
		if last < end || b.n > 101 {
			t.Fatalf("a run of %v: %d bins until %v", end, b.n, last)
		}
	}
}

func TestLanesMergeFaults(t *testing.T) {
	fault := func(kind string, begin, end time.Duration) history.Fault {
		return history.Fault{Kind: kind, Begin: begin, End: end}
	}
	lanes := faultLanes([]history.Fault{fault("pause", 1, 2), fault("crash", 5, 9), fault("crash", 1, 3), fault("crash", 2, 4)})
	if len(lanes) != 2 || lanes[0].kind != "crash" || lanes[1].kind != "pause" {
		t.Fatalf("%+v", lanes)
	}
	if got := lanes[0].faults; len(got) != 2 || got[0].End != 4 || got[1].Begin != 5 {
		t.Errorf("%+v", got)
	}
}

func BenchmarkPlots(b *testing.B) {
	r := sampleRun(b, 7, 200)
	ops, err := r.History.AllOperations()
	if err != nil {
		b.Fatal(err)
	}
	faults := r.History.Faults()
	for b.Loop() {
		drawn(b, ops, faults, r.Statistics.Duration)
	}
}
