package commitlog

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

const bugsFile = "cluster/commitlog/bugs.go"

// They are planted in the system: in each broker before that starts, or in what clients do.
var bugs = cluster.Bugs[*system]{
	{Bug: cluster.Bug{Name: "truncate-to-high-watermark", File: bugsFile, Mode: "idempotent",
		Summary: "a follower truncates its log to the high watermark that it knows when a leader's epoch begins",
		Why: "the watermark reaches followers late, so acknowledged records are removed; if that follower leads next they are lost. Kafka did " +
			"this until KIP-101 introduced leader epochs"},
		Plant: inBrokers(truncateToHighWatermark)},
	{Bug: cluster.Bug{Name: "sequence-forgotten", File: bugsFile, Mode: "idempotent", Nemesis: []string{"crash-loop"},
		Summary: "a new leader does not know what producers have sent to its predecessors",
		Why: "a record that is sent again after an election is in the log twice; so it was in Kafka when the state of producers was lost, as " +
			"in KAFKA-5793 and KAFKA-9144"},
		Plant: inBrokers(sequenceForgotten)},
	{Bug: cluster.Bug{Name: "out-of-sync-elected", File: bugsFile, Mode: "idempotent",
		Summary: "the controller elects the first broker that lives, in sync or not",
		Why:     "it may lack acknowledged records, and the others discard them; unclean elections work this way"},
		Plant: inBrokers(outOfSyncElected)},
	{Bug: cluster.Bug{Name: "majority-commits", File: bugsFile, Mode: "idempotent",
		Summary: "a leader treats a record as committed once a majority of the replicas has it, and not all in-sync replicas",
		Why:     "the controller may elect a replica that lacks it; a majority is enough only where an election compares logs, as in Raft"},
		Plant: inBrokers(majorityCommits)},
	{Bug: cluster.Bug{Name: "logs-not-compared", File: bugsFile, Mode: "idempotent",
		Summary: "a leader sends a follower the records after the follower's end, without comparing the epochs there",
		Why: "records that only a deposed leader had appended stay on it, and replicas have different records at one offset for ever: the " +
			"second scenario of KIP-101"},
		Plant: inBrokers(logsNotCompared)},
	{Bug: cluster.Bug{Name: "progress-before-results", File: bugsFile, Mode: "idempotent", Ops: []string{ops.Process}, Workload: "processing", Canary: true,
		Summary: "a worker commits its offset when it has received records, and then processes them",
		Why: "records that it had not processed when it failed are never processed; so it is with enable.auto.commit if a consumer hands " +
			"records to other threads"},
		Plant: func(s *system) { s.mode.process = (*client).atMostOnce }},
	{Bug: cluster.Bug{Name: "uncommitted-applied", File: bugsFile, Mode: "idempotent", Ops: []string{ops.View}, Workload: "derived",
		Summary: "a view applies records before they are committed",
		Why: "when a leader fails its log may be truncated, and the view has records that never existed; consumers stop at the high watermark " +
			"for this reason"},
		Plant: inBrokers(func(b *broker) { b.shown = func(r *replica) uint64 { return r.log.Length() } })},
	{Bug: cluster.Bug{Name: "results-unnamed", File: bugsFile, Mode: "idempotent", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "results do not carry the offset of their record",
		Why:     "a worker that takes over appends results again that its predecessor had appended without committing the offset"},
		Plant: func(s *system) { s.mode.process = (*client).atLeastOnce }},
	{Bug: cluster.Bug{Name: "epoch-kept", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional", Nemesis: []string{"delay"},
		Summary: "the epoch of a producer stays the same when a transaction ends",
		Why: "a late record or a late request to commit counts for the next transaction; so it was in Kafka before 4.0 (KIP-890; KAFKA-17754, " +
			"which Jepsen found)"},
		Plant: inBrokers(func(b *broker) { b.ended = func(epoch uint64) uint64 { return epoch } })},
	{Bug: cluster.Bug{Name: "zombie-admitted", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional", Canary: true,
		Summary: "no node refuses a producer whose transactional id another producer has taken over",
		Why: "the records of both are in one transaction, and either ends it; before KIP-360, Kafka forgot the epoch once it had deleted the " +
			"last records of a producer"},
		Plant: inBrokers(func(b *broker) { b.fences = func(known, has uint64) bool { return false } })},
	{Bug: cluster.Bug{Name: "last-stable-offset-ignored", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional", Canary: true,
		Summary: "consumers read up to the high watermark, and skip records that are known to be aborted",
		Why:     "they have read records that are aborted later; Redpanda's consumers did so by one record, before its pull request 3036"},
		Plant: inBrokers(func(b *broker) { b.stable = func(r *replica) uint64 { return r.high } })},
	{Bug: cluster.Bug{Name: "decision-logged-last", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional",
		Summary: "the coordinator logs its decision after the markers are written",
		Why: "if it fails in between its successor aborts the rest of a committed transaction; a coordinator of two-phase commit logs its " +
			"decision first (Gray 1978)"},
		Plant: inBrokers(decisionLoggedLast)},
	{Bug: cluster.Bug{Name: "generation-unchecked", File: bugsFile, Mode: "transactions", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "a worker may commit an offset in a transaction for a partition that now belongs to another worker",
		Why: "both process the same records, each under its own transactional id; so did Kafka's applications before KIP-447 unless they had " +
			"one id for each partition"},
		Plant: inBrokers(func(b *broker) { b.outdated = func(*group, uint64) bool { return false } })},
	{Bug: cluster.Bug{Name: "offsets-outside", File: bugsFile, Mode: "transactions", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "a worker commits its results in a transaction, and its offset afterwards",
		Why: "if it fails in between the results are there twice; so it is with consumer.commitSync instead of " +
			"producer.sendOffsetsToTransaction"},
		Plant: func(s *system) { s.mode.process = (*client).offsetsOutside }},
}

func inBrokers(plant func(*broker)) func(*system) { return func(s *system) { s.plant = plant } }

func truncateToHighWatermark(b *broker) {
	b.turned = func(b *broker, r *replica) {
		if r.high > 0 && r.high < r.log.Length() {
			b.store(change{Partition: r.name, Epoch: r.epoch, Keep: r.high})
		}
	}
}

func sequenceForgotten(b *broker) {
	real := b.sent
	b.sent = func(r *replica, m message) uint64 {
		if n := real(r, m); n > r.leading.first {
			return n
		}
		return 0
	}
}

func outOfSyncElected(b *broker) {
	b.metadata.elect = func(m *metadata, a *assignment) {
		cleanly(m, a)
		if living := m.living(m.nodes); len(living) > 0 {
			a.Leader = living[0]
			a.InSync = append([]string{a.Leader}, slices.DeleteFunc(slices.Clone(a.InSync), func(n string) bool { return n == a.Leader })...)
		}
	}
}

func majorityCommits(b *broker) {
	b.committed = func(_ *broker, r *replica) uint64 {
		stored := []uint64{r.log.Length()}
		for _, f := range r.leading.followers {
			stored = append(stored, f.stored)
		}
		slices.Sort(stored)
		return stored[(len(stored)-1)/2]
	}
}

func logsNotCompared(b *broker) {
	b.agrees = func(r *replica, p position) bool { return p.Length <= r.log.Length() }
}

func decisionLoggedLast(b *broker) {
	real := b.answer
	b.answer = func(from string, q rpc.Request) rpc.Response {
		if q.Kind == asksEnd {
			b.markersFirst(q)
		}
		return real(from, q)
	}
}

// markersFirst has the markers of a transaction written that somebody asks to end.
func (b *broker) markersFirst(q rpc.Request) {
	var asked ending
	_ = q.Decode(&asked)
	b.Lock()
	var t transaction
	if r := b.replica(transactions); r != nil && r.leading != nil {
		t = r.states[asked.ID].transaction
	}
	due := t.Phase == ongoing && !b.foreign(t, asked.identity)
	b.Unlock()
	if !due {
		return
	}
	t = t.decided(asked.Marker, b.ended(t.Epoch))
	for _, partition := range t.Partitions {
		for !b.marked(partition, t) && b.Process.Sleep(retryAfter) {
		}
	}
}

func (c *client) offsetsOutside(w work) cluster.Outcome {
	if len(w.records) == 0 {
		return w.done(0)
	}
	out := c.inTransaction([]string{w.results}, func() cluster.Outcome { return c.resultsWithin(w) })
	if out.Type != history.OK {
		return out
	}
	c.commit(w, len(w.records))
	return w.done(len(w.records))
}
