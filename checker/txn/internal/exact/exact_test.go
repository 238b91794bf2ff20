package exact

import (
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/checker/txn/internal/wr"
)

var settings = []Options{{}, {Sessions: true}, {RealTime: true}}

// verify holds an answer to the history: a valid one by its order, an invalid one by its proof.
func verify(t *testing.T, seed uint64, h *wr.History, level Level, o Options, got *Result) {
	t.Helper()
	switch got.Validity {
	case checker.Valid:
		if err := verifyOrder(h, level, o, got.Order); err != nil {
			t.Fatalf("seed %d: %v %+v: by %v: %v\n%v", seed, level, o, got.By, err, h)
		}
	case checker.Invalid:
		if newStoreOf(h, level, o, got.Core).possible() {
			t.Fatalf("seed %d: %v %+v: the core %v has an order", seed, level, o, got.Core)
		}
		for i := range got.Core {
			rest := append(append([]int32(nil), got.Core[:i]...), got.Core[i+1:]...)
			if !newStoreOf(h, level, o, rest).possible() {
				t.Fatalf("seed %d: %v %+v: %d is not needed in the core %v", seed, level, o, got.Core[i], got.Core)
			}
		}
		if got.Proof == nil {
			t.Fatalf("seed %d: no proof for %v", seed, got.Core)
		}
		if err := verifyProof(h, level, o, got.Proof, map[[2]int32]bool{}); err != nil {
			t.Fatalf("seed %d: %v %+v: %v", seed, level, o, err)
		}
	default:
		t.Fatalf("seed %d: %v %+v: %s", seed, level, o, got.Bound)
	}
}

func newStoreOf(h *wr.History, level Level, o Options, transactions []int32) *store {
	return newStore(subset(h, transactions), level, o)
}

func TestAgainstAllOrders(t *testing.T) { againstAllOrders(t, 0, 1500) }

// againstAllOrders compares answers about small histories with the definitions.
func againstAllOrders(t *testing.T, first, end uint64) {
	count := map[checker.Validity]int{}
	for seed := first; seed < end; seed++ {
		r := rand.New(rand.NewPCG(seed, 1))
		var h *wr.History
		if r.IntN(3) > 0 {
			h = stored(r, SnapshotIsolation, 2+r.IntN(5), 2+r.IntN(3), 1+r.IntN(3), 4, r.IntN(4))
		} else {
			h = random(r, 2+r.IntN(4), 3, 1+r.IntN(3), 4)
		}
		if err := h.Check(); err != nil {
			t.Fatal(err)
		}
		for _, level := range []Level{SnapshotIsolation, Serializable} {
			for _, o := range settings {
				got := Check(h, level, o)
				verify(t, seed, h, level, o, got)
				if want := newStore(h, level, o).possible(); want != (got.Validity == checker.Valid) {
					t.Fatalf("seed %d: %v %+v is %v, by all orders %t\n%+v", seed, level, o, got.Validity, want, h)
				}
				count[got.Validity]++
			}
		}
	}
	if count[checker.Valid] < 500 || count[checker.Invalid] < 500 {
		t.Errorf("%v is too few of one kind", count)
	}
}

// The search comes to the same answers when nothing is guessed or forced before it.
func TestSearchAlone(t *testing.T) {
	count := map[bool]int{}
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 5))
		h := random(r, 3+r.IntN(3), 3, 2+r.IntN(2), 5)
		for _, level := range []Level{SnapshotIsolation, Serializable} {
			p := newProblem(h, level, Options{Steps: DefaultSteps})
			g, cycle, _ := p.known()
			if cycle != nil {
				continue
			}
			c := &choices{p: p, g: g}
			if !c.collect() {
				t.Fatal("too many choices")
			}
			possible := true
			parts, done := c.parts()
			if !done {
				t.Fatal("too many edges")
			}
			for _, part := range parts {
				core, done := c.newSolver(part).solve()
				if !done {
					t.Fatalf("seed %d: the search did not end", seed)
				}
				if core != nil {
					possible = false
					if newStoreOf(h, level, Options{}, core).possible() {
						t.Fatalf("seed %d: %v: %v has an order", seed, level, core)
					}
					break
				}
			}
			if possible {
				if err := verifyOrder(h, level, Options{}, p.points(g)); err != nil {
					t.Fatalf("seed %d: %v: %v", seed, level, err)
				}
			}
			if want := newStore(h, level, Options{}).possible(); possible != want {
				t.Fatalf("seed %d: %v: %t, by all orders %t", seed, level, possible, want)
			}
			count[possible]++
		}
	}
	if count[true] < 200 || count[false] < 200 {
		t.Errorf("%d possible and %d impossible histories are too few of one kind", count[true], count[false])
	}
}

// An order of commits that is right confirms a level, and none confirms what does not hold.
func TestConfirms(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 6))
		h := stored(r, SnapshotIsolation, 20, 4, 3, 4, int(seed%3))
		right, wrong := make([]int64, h.Len()), make([]int64, h.Len())
		for i := range right {
			right[i], wrong[i] = int64(i)+1, int64(r.IntN(20))
		}
		for _, level := range []Level{SnapshotIsolation, Serializable} {
			valid := Check(h, level, Options{}).Validity == checker.Valid
			if !valid && (Confirms(h, level, Options{}, right) || Confirms(h, level, Options{}, wrong)) {
				t.Fatalf("seed %d: %v is confirmed and does not hold", seed, level)
			}
			if seed%3 == 0 && level == SnapshotIsolation && !Confirms(h, level, Options{}, right) {
				t.Fatalf("seed %d: the order of commits does not confirm %v", seed, level)
			}
		}
	}
}

// There may be more edges of open choices than fit in memory, so making them takes steps too.
func TestPartsEndWithTheSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	p := newProblem(stored(r, SnapshotIsolation, 400, 20, 8, 6, 0), Serializable, Options{Steps: DefaultSteps})
	g, _, _ := p.known()
	c := &choices{p: p, g: g}
	if !c.collect() {
		t.Fatal("too many choices")
	}
	p.steps = 1000
	edges := len(g.edges)
	if _, done := c.parts(); done || len(g.edges) > edges+2000 {
		t.Errorf("%d edges were made of %d choices, with 1,000 steps", len(g.edges)-edges, len(c.open))
	}
}

// Once the time is up nothing more is explained: to look for a small set of so many transactions would go on for minutes.
func TestExplanationsEndWithTheTime(t *testing.T) {
	h := &wr.History{Keys: 2, First: []int32{0}}
	for i := range int32(20_000) {
		h.Session = append(h.Session, i)
		if i < 2 { // each of these two has read what the other wrote
			h.Events = append(h.Events, wr.Event{Key: i, From: wr.Write}, wr.Event{Key: 1 - i, From: 1 - i})
		}
		h.First = append(h.First, int32(len(h.Events)))
	}
	stop := make(chan struct{})
	close(stop)
	got := Check(h, Serializable, Options{Stop: stop})
	if got.Validity != checker.Invalid || got.Proof != nil {
		t.Errorf("%v, with the proof %v", got.Validity, got.Proof)
	}
}
