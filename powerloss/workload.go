package powerloss

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// workload is an endless sequence of transactions, numbered from 1, and the states between them.
type workload struct {
	seed   uint64
	states []map[string][]byte // by the number of the last transaction
}

func newWorkload(seed uint64) *workload {
	return &workload{seed: seed, states: []map[string][]byte{{}}}
}

const (
	keys   = 50
	serial = "serial" // the key that has the number of the last transaction, so that no two states are the same
)

// transaction is the one of a number: a few keys, some deleted, with values that fit into a page or need several.
func (w *workload) transaction(n int) []Pair {
	draw := rand.New(rand.NewPCG(w.seed, uint64(n)))
	changed := draw.Perm(keys)[:1+draw.IntN(6)]
	pairs := []Pair{{serial, fmt.Appendf(nil, "%d", n)}}
	for _, k := range changed {
		p := Pair{Key: fmt.Sprintf("key%02d", k)}
		if draw.IntN(4) > 0 {
			p.Value = bytes.Repeat(fmt.Appendf(nil, "%d of transaction %d; ", k, n), 1+length(draw))
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// length is how long a value is, in some 20 bytes.
func length(draw *rand.Rand) int {
	switch draw.IntN(10) {
	case 0:
		return draw.IntN(1000) // several pages
	case 1, 2:
		return draw.IntN(100)
	default:
		return draw.IntN(10)
	}
}

// state is what a store has to hold after a number of transactions.
func (w *workload) state(n int) map[string][]byte {
	for next := len(w.states); next <= n; next++ {
		state := maps.Clone(w.states[next-1])
		for _, p := range w.transaction(next) {
			if p.Value == nil {
				delete(state, p.Key)
			} else {
				state[p.Key] = p.Value
			}
		}
		w.states = append(w.states, state)
	}
	return w.states[n]
}

// recognize returns after how many transactions a store holds what was read. The error says that it holds no state that there was,
// up to the latest transaction that was begun.
func (w *workload) recognize(read []Pair, begun int) (int, error) {
	for i := 1; i < len(read); i++ {
		if read[i-1].Key >= read[i].Key {
			return 0, fmt.Errorf("%q is read before %q", read[i-1].Key, read[i].Key)
		}
	}
	n := 0
	for _, p := range read {
		if p.Key == serial {
			if _, err := fmt.Sscan(string(p.Value), &n); err != nil || n < 1 || n > begun {
				return 0, fmt.Errorf("%s is %.40q, and the latest transaction is %d", serial, p.Value, begun)
			}
		}
	}
	return n, differ(read, w.state(n), n)
}

// differ says how what was read differs from the state after a number of transactions; nil if it does not.
func differ(read []Pair, want map[string][]byte, n int) error {
	got := map[string][]byte{}
	for _, p := range read {
		got[p.Key] = p.Value
		switch value, ok := want[p.Key]; {
		case !ok:
			return fmt.Errorf("%s, and %s is there, which should not be: %.40q", after(n), p.Key, p.Value)
		case !bytes.Equal(value, p.Value):
			return fmt.Errorf("%s, and %s is %.40q (%d bytes) in place of %.40q (%d bytes)", after(n), p.Key, p.Value, len(p.Value), value, len(value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[key]; !ok {
			return fmt.Errorf("%s, and %s is missing: %.40q", after(n), key, want[key])
		}
	}
	return nil
}

// after says by what a state was taken for that after a number of transactions.
func after(n int) string {
	if n == 0 {
		return serial + " is missing, as before the first transaction"
	}
	return fmt.Sprintf("%s is that of transaction %d", serial, n)
}
