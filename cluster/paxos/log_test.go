package paxos

import (
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsChosenIsAdopted: acceptors take part in ballots one after the other, each of which adopts what a majority tells it. Whatever a
// majority has accepted in one of them, every later ballot proposes. That is all of the proof of Paxos.
func TestWhatIsChosenIsAdopted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const acceptors, majority = 5, 3
		some := func(n int, label string) []int {
			return rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, label)[:n]
		}
		var logs [acceptors]log
		chosen := map[int]uint64{} // by slot, the ballot that first proposed it
		for ballot := uint64(1); ballot <= 8; ballot++ {
			var adopted log
			for _, a := range some(majority, "promise") {
				adopted = adopted.adopt(append(log(nil), logs[a]...))
			}
			for slot, first := range chosen {
				if slot >= len(adopted) || adopted[slot].First != first {
					t.Fatalf("ballot %d adopts %v, and slot %d was chosen to be the value of ballot %d", ballot, adopted, slot, first)
				}
			}
			proposed := adopted.in(ballot)
			for range rapid.IntRange(0, 2).Draw(t, "fresh") {
				proposed = append(proposed, proposal{ballot, value{First: ballot}})
			}
			count := make([]int, len(proposed))
			for _, a := range some(rapid.IntRange(0, acceptors).Draw(t, "how many accept"), "accept") {
				// An acceptor accepts in order, and what it had behind that stays.
				through := rapid.IntRange(0, len(proposed)).Draw(t, "through")
				logs[a] = append(append(log(nil), proposed[:through]...), logs[a].after(uint64(through))...)
				for slot := range through {
					if count[slot]++; count[slot] == majority {
						chosen[slot] = proposed[slot].First
					}
				}
			}
		}
	})
}
