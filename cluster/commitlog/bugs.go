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
		Summary: "a follower cuts its log at the high watermark that it knows when a leader's epoch begins",
		Why:     "the watermark reaches followers late, so that what was acknowledged goes; and if that follower leads next it is lost. So did Kafka until KIP-101 gave it leader epochs"},
		Plant: inBrokers(truncateToHighWatermark)},
	{Bug: cluster.Bug{Name: "sequence-forgotten", File: bugsFile, Mode: "idempotent", Nemesis: []string{"crash-loop"},
		Summary: "a new leader does not know what producers have sent to its predecessors",
		Why:     "a record that is sent again after an election is in the log twice; so it was in Kafka wherever the state of producers was lost, as in KAFKA-5793 and KAFKA-9144"},
		Plant: inBrokers(sequenceForgotten)},
	{Bug: cluster.Bug{Name: "out-of-sync-elected", File: bugsFile, Mode: "idempotent",
		Summary: "the controller elects the first broker that lives, in sync or not",
		Why:     "it may lack what was acknowledged, and those who have it discard it; that is what unclean elections are"},
		Plant: inBrokers(outOfSyncElected)},
	{Bug: cluster.Bug{Name: "majority-commits", File: bugsFile, Mode: "idempotent",
		Summary: "a leader takes what a majority of the replicas has for committed, and not what all in-sync replicas have",
		Why:     "the controller may elect the one that lacks it; a majority is enough only where logs are compared in an election, as in Raft"},
		Plant: inBrokers(majorityCommits)},
	{Bug: cluster.Bug{Name: "logs-not-compared", File: bugsFile, Mode: "idempotent",
		Summary: "a leader sends a follower what comes behind the follower's end, without comparing the epochs there",
		Why:     "what a deposed leader had appended by itself stays on it, and replicas have different records at one offset for ever: the second scenario of KIP-101"},
		Plant: inBrokers(logsNotCompared)},
	{Bug: cluster.Bug{Name: "progress-before-results", File: bugsFile, Mode: "idempotent", Ops: []string{ops.Process}, Workload: "processing", Canary: true,
		Summary: "a worker says that it has processed records when it has got them",
		Why:     "what it had not processed when it failed nobody processes; so it is with enable.auto.commit where a consumer hands records to other threads"},
		Plant: func(s *system) { s.mode.process = (*client).atMostOnce }},
	{Bug: cluster.Bug{Name: "uncommitted-applied", File: bugsFile, Mode: "idempotent", Ops: []string{ops.View}, Workload: "derived",
		Summary: "a view applies records before they are committed",
		Why:     "when a leader fails its log may be cut, and the view has what never was; consumers see no more than the high watermark for this reason"},
		Plant: inBrokers(func(b *broker) { b.shown = func(r *replica) uint64 { return r.log.Length() } })},
	{Bug: cluster.Bug{Name: "results-unnamed", File: bugsFile, Mode: "idempotent", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "results do not carry the offset of their record",
		Why:     "a worker that takes over appends again what the one before it had appended and not yet said so"},
		Plant: func(s *system) { s.mode.process = (*client).atLeastOnce }},
	{Bug: cluster.Bug{Name: "epoch-kept", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional", Nemesis: []string{"delay"},
		Summary: "the epoch of a producer stays the same when a transaction ends",
		Why:     "a record or a request for a commit that comes late counts for the next transaction; so it was in Kafka before 4.0 (KIP-890; KAFKA-17754, which Jepsen found)"},
		Plant: inBrokers(func(b *broker) { b.ended = func(epoch uint64) uint64 { return epoch } })},
	{Bug: cluster.Bug{Name: "zombie-admitted", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional", Canary: true,
		Summary: "nobody refuses a producer whose transactional id another one has taken over",
		Why:     "the records of both are in one transaction, and either ends it; Kafka forgot the epoch where it had deleted the last records of a producer, before KIP-360"},
		Plant: inBrokers(func(b *broker) { b.fences = func(known, has uint64) bool { return false } })},
	{Bug: cluster.Bug{Name: "last-stable-offset-ignored", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional", Canary: true,
		Summary: "consumers read up to the high watermark, and leave out what is known to be aborted",
		Why:     "what is aborted later they have read; so Redpanda's consumers did by one record, before its pull request 3036"},
		Plant: inBrokers(func(b *broker) { b.stable = func(r *replica) uint64 { return r.high } })},
	{Bug: cluster.Bug{Name: "decision-logged-last", File: bugsFile, Mode: "transactions", Ops: []string{ops.SendAll}, Workload: "transactional",
		Summary: "the coordinator logs what it has decided when the markers are written",
		Why:     "if it fails in between its successor aborts the rest of what is committed; a coordinator of two-phase commit logs its decision first (Gray 1978)"},
		Plant: inBrokers(decisionLoggedLast)},
	{Bug: cluster.Bug{Name: "unstable-offsets-read", File: bugsFile, Mode: "transactions", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "who is given a partition goes on where the group was before a transaction that is not decided yet",
		Why:     "it processes again what that transaction has processed and commits; that is why Kafka's consumers have had to ask for stable offsets since KIP-447"},
		Plant: inBrokers(func(b *broker) { b.unstable = func(*replica, string, string) bool { return false } })},
	{Bug: cluster.Bug{Name: "generation-unchecked", File: bugsFile, Mode: "transactions", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "in a transaction a worker may say how far it is in a partition that was given to another one",
		Why:     "both process the same records, each under its own transactional id; so did Kafka's applications before KIP-447 that had not one id for each partition"},
		Plant: inBrokers(func(b *broker) { b.outdated = func(*group, uint64) bool { return false } })},
	{Bug: cluster.Bug{Name: "offsets-outside", File: bugsFile, Mode: "transactions", Ops: []string{ops.Process}, Workload: "processing",
		Summary: "a worker commits its results in a transaction, and says how far it is afterwards",
		Why:     "if it fails in between they are there twice; so it is with consumer.commitSync in place of producer.sendOffsetsToTransaction"},
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
