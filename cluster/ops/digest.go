package ops

import "faultline/history"

// Digest asks a node for a digest of its state, as the node itself has it and not by way of the others: HashKV of etcd. The client
// asks the node near which it is and no other. A system that understands it is asked at the end of every test, whatever the
// workload; no workload lists it.
//
//	value   a revision: that whose state is wanted; 0 for the newest that the node has
//	ok      a State, [revision,hash,compacted], of the revision that was asked for. If the node has not reached it the client waits
//	        for it. When the time is up, the answer is the state that the node has by then, whose revision is a smaller one.
//	fail    the node did not answer, or cannot tell the state at that revision any more
const Digest = "digest"

// State is the answer to a Digest. Two states of the same revision have the same hash, unless one of them is wrong or they were
// compacted up to different revisions.
type State struct {
	Revision  int64
	Hash      int64
	Compacted int64 // up to where earlier revisions were forgotten, if the hash depends on it; otherwise 0
}

// Encode is the state as a value: [revision, hash, compacted].
func (s State) Encode() history.Value {
	return history.ListValue(history.IntValue(s.Revision), history.IntValue(s.Hash), history.IntValue(s.Compacted))
}

// DecodeState is the inverse of State.Encode. The error says what the value is instead.
func DecodeState(v history.Value) (State, error) {
	parts, err := fields(v, 3, "a state")
	if err != nil {
		return State{}, err
	}
	var numbers [3]int64
	for i, what := range []string{"the revision of a state", "the hash of a state", "the compacted revision of a state"} {
		if numbers[i], err = whole(parts[i], what); err != nil {
			return State{}, err
		}
	}
	return State{numbers[0], numbers[1], numbers[2]}, nil
}
