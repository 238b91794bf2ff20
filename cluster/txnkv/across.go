package txnkv

import "faultline/cluster/raftnode"

// Across shards the log of the first one is the order of all commits: a stamp is an index in it, on every shard. That is what the status
// oracle of Omid is (Ferro et al. 2014), and it is Percolator's oracle of timestamps (Peng and Dabek 2010) with the commit in its answer.
//
// A transaction takes its snapshot on the first shard, which is also its coordinator, whatever it writes. The entry with the decision is the
// commit, and its index the stamp. Others have prepared before. So all that a snapshot has was prepared on its shards before the
// snapshot was taken, and a shard that is asked to show the snapshot has it all, committed or prepared, if its leader still led when
// it was asked. What is prepared may have been decided: a step waits until that is known. What is prepared later commits later, as the
// first shard has applied all of the snapshot by then.
//
// Nothing of this is lost with a leader. Prepared branches are in the logs of their shards, and no leader of the first shard commits anything at an
// index up to one that is applied.

// caughtUp reports an error unless all that a snapshot of the first shard has is here, committed or prepared.
func (e *engine) caughtUp(at stamp) error {
	switch {
	case at == 0: // it is taken here
		return nil
	case !e.confirm.Majority(e.term):
		return raftnode.ErrNotConfirmed
	case !e.machine.keeps(at):
		return errSnapshotGone
	}
	return nil
}
