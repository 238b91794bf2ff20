package graph

import (
	"math"
	"sort"

	"faultline/internal/timebound"
)

// Never is the position of the completion of a transaction that is not known to have ended.
const Never = math.MaxInt32

// Input is a relation together with when its transactions ran.
type Input struct {
	Relation
	// Committed are the transactions that are part of the graph. No arc begins or ends at another one.
	Committed []bool
	Process   []int32 // of each transaction
	// Invoked and Returned are positions in the history. Invoked grows with the transaction. Returned is Never if it is not known to have
	// ended. The transactions of a process follow each other.
	Invoked, Returned []int32
	// Stop ends searches when it is closed, as if their work were done; nil for never.
	Stop <-chan struct{}
}

func (in *Input) stopped() bool {
	return timebound.Closed(in.Stop)
}

func (in *Input) nodes() int { return in.Txns() + in.Hubs() }

// after is the first transaction that was invoked when t had returned: those behind it were, too.
func (in *Input) after(t int32) int32 {
	return int32(sort.Search(len(in.Invoked), func(i int) bool { return in.Invoked[i] > in.Returned[t] }))
}

// sessions has for each transaction the next one of its process that is part of the graph; -1 if there is none.
func (in *Input) sessions() []int32 {
	next := make([]int32, in.Txns())
	last := map[int32]int32{}
	for t := range next {
		next[t] = -1
		if !in.Committed[t] {
			continue
		}
		if before, ok := last[in.Process[t]]; ok {
			next[before] = int32(t)
		}
		last[in.Process[t]] = int32(t)
	}
	return next
}
