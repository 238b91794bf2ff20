package txnkv

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/txnkv/ssi"
	"faultline/history"
)

const bugsFile = "cluster/txnkv/bugs.go"

// listAppend is the workload by whose clients most of them are seen.
const listAppend = "list-append"

// They are planted in each replica before that starts, and some change settings.
var bugs = cluster.Bugs[*system]{
	{Bug: cluster.Bug{Name: "acknowledged-early", File: bugsFile, Mode: strictSerializable, Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "lost-update", "write-skew", "phantom", "multi-register", "bank", "bank-items"},
		Summary: "a leader acknowledges a commit and releases its locks before the entry is in the log",
		Why:     "Others read the old values, and after a failover the acknowledged writes are gone. Databases with asynchronous commit do this."},
		Plant: inReplicas(acknowledgedEarly)},
	{Bug: cluster.Bug{Name: "step-repeated", File: bugsFile, Mode: strictSerializable, Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "lost-update", "hermitage"},
		Summary: "a leader does not recognize an append that a client sends again because no answer came",
		Why:     "Both wait for the lock, and both append. A retry must carry the number of what it repeats, as MongoDB's retryable writes do."},
		Plant: func(s *system) {
			s.plant = stepRepeated
			s.config.Client.Attempt = 15 * time.Millisecond
		}},
	{Bug: cluster.Bug{Name: "clock-bound-lies", File: bugsFile, Mode: "commit-wait", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "lost-update", "write-skew", "phantom", "multi-register"},
		Summary: "a node believes that its clock is ten times as accurate as it is",
		Why: "A commit is acknowledged before its timestamp has passed everywhere, and the next reader with a slower clock does not see it. " +
			"Commit-wait relies on this bound (Corbett et al. 2012)."},
		Plant: func(s *system) {
			s.plant = func(r *replica) { r.clock.bound /= 10 }
			s.config.ClockBound = max(s.config.ClockBound, 20*time.Millisecond)
		}},
	{Bug: cluster.Bug{Name: "predicate-unlocked", File: bugsFile, Mode: serializable, Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "write-skew", "multi-register", "hermitage"},
		Summary: "a scan locks the keys that it finds, but not the prefix",
		Why:     "Nothing keeps others from adding keys: phantoms. Two-phase locking is serializable with predicate locks only (Eswaran et al. 1976)."},
		Plant: inReplicas(func(r *replica) { r.mode.predicates = never })},
	{Bug: cluster.Bug{Name: "vote-forgotten", File: bugsFile, Mode: serializable, Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "lost-update", "phantom", "multi-register", "bank", "bank-items", "hermitage"},
		Summary: "a participant promises a coordinator to commit before the promise is in its log",
		Why: "If another node becomes leader, the promise is forgotten, and the transaction is committed on one shard and not on the " +
			"other. A vote must be on disk before it is given (Gray 1978)."},
		Plant: func(s *system) {
			s.plant = voteForgotten
			s.config.Shards = max(s.config.Shards, 2)
		}},
	{Bug: cluster.Bug{Name: "reader-forgotten", File: bugsFile, Mode: "serializable-ssi", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "write-skew", "multi-register", "hermitage"},
		Summary: "a transaction's reads are forgotten when it commits",
		Why: "Concurrent transactions may still write those keys. PostgreSQL keeps SIREAD locks until all of them have ended " +
			"(Ports and Grittner 2012)."},
		Plant: inReplicas(func(r *replica) { r.remember = func(g *ssi.Graph, o ssi.Owner, _ uint64) { g.Aborted(o) } })},
	{Bug: cluster.Bug{Name: "snapshot-taken-late", File: bugsFile, Mode: "snapshot-isolation", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "multi-register", "hermitage"},
		Summary: "each read of a transaction sees what is committed by then",
		Why:     "Two reads see two states: read skew. That is read committed, the default of many databases."},
		Plant: inReplicas(snapshotTakenLate)},
	{Bug: cluster.Bug{Name: "prepared-overlooked", File: bugsFile, Mode: "snapshot-isolation", Workload: listAppend,
		Summary: "a read does not wait for the decision about a transaction that its shard has prepared",
		Why: "The transaction may be in the snapshot, and the read sees it on the shards that have heard of the decision and not on the others. A " +
			"snapshot over shards has to wait for locks that are older (Percolator, Peng and Dabek 2010)."},
		Plant: func(s *system) {
			s.plant = func(r *replica) { r.settle = func(*engine, step, stamp) error { return nil } }
			s.config.Shards = max(s.config.Shards, 2)
		}},
	{Bug: cluster.Bug{Name: "validation-skipped", File: bugsFile, Mode: "snapshot-isolation", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "lost-update", "write-skew", "multi-register", "bank", "bank-items", "hermitage"},
		Summary: "a commit does not check whether another transaction has committed the same keys since",
		Why:     "Both build on the same version, and one update is lost. The first committer has to win (Berenson et al. 1995)."},
		Plant: inReplicas(func(r *replica) { r.first = func(*engine, *txn) error { return nil } })},
	{Bug: cluster.Bug{Name: "lock-released-early", File: bugsFile, Mode: "repeatable-read", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "lost-update", "write-skew", "multi-register", "bank", "bank-items", "hermitage"},
		Summary: "the lock on a key that was read is released after the read",
		Why:     "Others change the key before the transaction ends: lost updates and read skew. That is read committed."},
		Plant: inReplicas(func(r *replica) { r.mode.items = briefly })},
	{Bug: cluster.Bug{Name: "reads-unlocked", File: bugsFile, Mode: "read-committed", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "rw-register", "lost-update", "multi-register", "hermitage"},
		Summary: "a read takes no lock, and finds uncommitted writes of others",
		Why:     "A value that was read may never be committed. Reads with SQL Server's NOLOCK do this."},
		Plant: inReplicas(func(r *replica) { r.mode.items, r.mode.predicates, r.mode.dirty = never, never, true })},
	{Bug: cluster.Bug{Name: "writes-unlocked", File: bugsFile, Mode: "read-uncommitted", Workload: listAppend, Canary: true,
		FoundBy: []string{listAppend, "lost-update", "multi-register", "hermitage"},
		Summary: "the lock on a key that was written is released after the write, and a commit puts whole values in place",
		Why:     "Of two transactions that write the same keys each overwrites what the other has not committed: dirty writes, which every level forbids."},
		Plant: inReplicas(writesUnlocked)},
}

func inReplicas(plant func(*replica)) func(*system) { return func(s *system) { s.plant = plant } }

func acknowledgedEarly(r *replica) {
	real := r.append
	r.append = func(n entry) (uint64, error) {
		if n.Kind != commits {
			return real(n)
		}
		r.Process.Go(func() { _, _ = real(n) })
		index, _ := r.machine.now()
		return index, nil
	}
}

func stepRepeated(r *replica) {
	r.same = func(x *exchange, q request) bool { return same(x, q) && q.Step.Kind != ops.AppendStep }
}

func voteForgotten(r *replica) {
	real := r.vote
	r.vote = func(e *engine, t *txn, q request) (uint64, error) {
		r.Process.Go(func() { _, _ = real(e, t, q) })
		index, _ := r.machine.now()
		return index, nil
	}
}

func writesUnlocked(r *replica) {
	r.mode.writes = briefly
	r.noted = func(c change, v history.Value) change { return change{Key: c.Key, Value: v.String()} }
}

func snapshotTakenLate(r *replica) {
	r.asOf = func(*txn) stamp { return newest }
}
