package commitlog

import "slices"

// transaction is where the transactions of one transactional id are: the state of a state machine (KIP-98). Who works under the id has an
// epoch. It is raised when another one takes the id over, and whenever a transaction ends (KIP-890), so that it names one transaction, and what
// comes late of an earlier one is known for that.
type transaction struct {
	ID string `json:"id"`
	identity
	Phase      phase    `json:"is"`
	Partitions []string `json:"in,omitempty"` // those that it is in, from when it begins until all have their markers
}

// identity is who sends the messages of a transaction: the producer that a transactional id stands for, and its epoch.
type identity struct {
	Producer uint64 `json:"producer"`
	Epoch    uint64 `json:"epoch"`
}

// phase is what a state machine is in.
type phase string

const (
	empty          phase = "Empty"
	ongoing        phase = "Ongoing"
	prepareCommit  phase = "PrepareCommit" // it is decided, and nothing changes that; markers are being written
	prepareAbort   phase = "PrepareAbort"
	completeCommit phase = "CompleteCommit"
	completeAbort  phase = "CompleteAbort"
)

// Why a step is not made.
const (
	concurrent = "concurrent-transactions" // the last transaction is being ended: ask again
	fenced     = "fenced"                  // whoever asks has an epoch that is over
)

// begun is what the state becomes when somebody takes the id over. What its predecessor has left is aborted first.
func (t transaction) begun() (next transaction, refused string) {
	switch {
	case t.ending():
		return t, concurrent
	case t.Phase == ongoing:
		return t.decided(aborts, t.Epoch+1), concurrent
	}
	t.Phase, t.Epoch = empty, t.Epoch+1
	return t, ""
}

// enlisted is what it becomes when partitions join the transaction, which begins if there is none.
func (t transaction) enlisted(partitions []string) (next transaction, refused string) {
	if t.ending() {
		return t, concurrent
	}
	t.Phase, t.Partitions = ongoing, slices.Clone(t.Partitions)
	for _, p := range partitions {
		if !slices.Contains(t.Partitions, p) {
			t.Partitions = append(t.Partitions, p)
		}
	}
	return t, ""
}

// decided is what it becomes when the transaction is to end so. One that is in no partition has ended then.
func (t transaction) decided(as marker, epoch uint64) transaction {
	if t.Phase, t.Epoch = prepareAbort, epoch; as == commits {
		t.Phase = prepareCommit
	}
	if len(t.Partitions) == 0 {
		return t.completed()
	}
	return t
}

// completed is what it becomes when all markers are written.
func (t transaction) completed() transaction {
	if t.Partitions = nil; t.Phase == prepareCommit {
		t.Phase = completeCommit
	} else {
		t.Phase = completeAbort
	}
	return t
}

// ending reports whether it is decided how the transaction ends, and not yet done.
func (t transaction) ending() bool { return t.Phase == prepareCommit || t.Phase == prepareAbort }

// marker is how the transaction ends, or the last one has ended; empty if there is nothing to tell.
func (t transaction) marker() marker {
	switch t.Phase {
	case prepareCommit, completeCommit:
		return commits
	case prepareAbort, completeAbort:
		return aborts
	default:
		return ""
	}
}

func (t transaction) same(other transaction) bool {
	return t.identity == other.identity && t.Phase == other.Phase && slices.Equal(t.Partitions, other.Partitions)
}
