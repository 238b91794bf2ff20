package commitlog

import (
	"slices"

	"faultline/cluster"
)

// bug is a planted bug: it takes the place of parts of each broker before that starts.
type bug struct {
	cluster.Bug
	plant func(*broker)
}

func planting(name string) func(*broker) {
	for _, b := range bugs {
		if b.Name == name {
			return b.plant
		}
	}
	return nil
}

const bugsFile = "cluster/commitlog/bugs.go"

var bugs = []bug{
	{cluster.Bug{Name: "truncate-to-high-watermark", File: bugsFile, Mode: "idempotent",
		Summary: "a follower cuts its log at the high watermark that it knows when a leader's epoch begins",
		Why:     "the watermark reaches followers late, so that what was acknowledged goes; and if that follower leads next it is lost. So did Kafka until KIP-101 gave it leader epochs"},
		truncateToHighWatermark},
	{cluster.Bug{Name: "sequence-forgotten", File: bugsFile, Mode: "idempotent", Nemesis: []string{"crash-loop"},
		Summary: "a new leader does not know what producers have sent to its predecessors",
		Why:     "a record that is sent again after an election is in the log twice; so it was in Kafka wherever the state of producers was lost, as in KAFKA-5793 and KAFKA-9144"},
		sequenceForgotten},
	{cluster.Bug{Name: "out-of-sync-elected", File: bugsFile, Mode: "idempotent",
		Summary: "the controller elects the first broker that lives, in sync or not",
		Why:     "it may lack what was acknowledged, and those who have it discard it; that is what unclean elections are"},
		outOfSyncElected},
	{cluster.Bug{Name: "majority-commits", File: bugsFile, Mode: "idempotent",
		Summary: "a leader takes what a majority of the replicas has for committed, and not what all in-sync replicas have",
		Why:     "the controller may elect the one that lacks it; a majority is enough only where logs are compared in an election, as in Raft"},
		majorityCommits},
	{cluster.Bug{Name: "logs-not-compared", File: bugsFile, Mode: "idempotent",
		Summary: "a leader sends a follower what comes behind the follower's end, without comparing the epochs there",
		Why:     "what a deposed leader had appended by itself stays on it, and replicas have different records at one offset for ever: the second scenario of KIP-101"},
		logsNotCompared},
}

func truncateToHighWatermark(b *broker) {
	b.turned = func(b *broker, r *replica) {
		if r.high > 0 && r.high < r.log.Length() {
			b.store(change{Partition: r.name, Epoch: r.epoch, Keep: r.high})
		}
	}
}

func sequenceForgotten(b *broker) {
	real := b.sent
	b.sent = func(r *replica, p produce) uint64 {
		if n := real(r, p); n > r.leading.first {
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
