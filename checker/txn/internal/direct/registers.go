package direct

import (
	"slices"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/internal/record"
	"faultline/history"
)

// Registers finds the anomalies of transactions that write and read registers. It takes linear time.
func Registers(h *record.History) []Anomaly {
	aborted := slices.Contains(h.Outcome, history.Fail)
	sources := aborted || slices.Contains(h.Steps.Saw, record.Garbage)
	found := parallel.Collect(h.Keys.Len(), func(key int, found []Anomaly) []Anomaly {
		k := register{h: h, key: int32(key), found: found, aborted: aborted}
		for run := range h.Keys.Runs(int32(key)) {
			k.within(run)
		}
		if sources {
			k.sources(h.Keys.Of(int32(key)))
		}
		return k.found
	})
	return inOrder(slices.Concat(found, Common(h), scanned(h)))
}

// register finds what is wrong with one register.
type register struct {
	h     *record.History
	key   int32
	found []Anomaly

	aborted bool           // there are aborted transactions
	told    map[int32]bool // writes of aborted transactions that somebody read
}

func (k *register) add(name Name, e record.Element, steps ...int32) {
	k.found = append(k.found, Anomaly{name, k.key, steps, e})
}

// within looks for a read of a transaction that contradicts its step on the key before, or shows what it writes later.
func (k *register) within(run []int32) {
	s := &k.h.Steps
	for i, step := range run {
		if !isRead(k.h, step) {
			continue
		}
		if i > 0 && (isRead(k.h, run[i-1]) || s.Kind[run[i-1]] == record.Write) && s.Value[run[i-1]] != s.Value[step] {
			k.add(Internal, s.Value[step], run[i-1], step)
		}
		if saw := s.Saw[step]; saw > step && s.Txn[saw] == s.Txn[step] {
			k.add(FutureRead, s.Value[step], step, saw)
		}
	}
}

// sources looks for reads of what was aborted, and of what nobody wrote.
func (k *register) sources(steps []int32) {
	s := &k.h.Steps
	for _, step := range steps {
		if !isRead(k.h, step) {
			continue
		}
		switch saw := s.Saw[step]; {
		case saw == record.Garbage:
			k.add(GarbageRead, s.Value[step], step)
		case k.aborted && saw >= 0 && k.h.Aborted(saw) && !k.told[saw]:
			if k.told == nil {
				k.told = map[int32]bool{}
			}
			k.told[saw] = true
			k.add(G1a, s.Value[saw], saw, step)
		}
	}
}
