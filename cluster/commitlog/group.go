package commitlog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/cluster/sim/rpc"
)

// groups is the partition in which groups of consumers keep how far they are. Its leader is the coordinator of all groups.
const groups = "__consumer_offsets"

// progress is how far a group is in a partition: the offset of the next record. It is what a message of that partition carries.
type progress struct {
	Group     string `json:"g"`
	Partition string `json:"p"`
	Next      int64  `json:"n"`
}

// group is what the coordinator knows of one in its epoch. The partitions are dealt to the members in turn. A generation is a set of members;
// a new coordinator begins with one that is larger than all of its predecessors.
type group struct {
	generation uint64
	members    []uint64 // in the order in which they joined
	heard      map[uint64]time.Time
}

// joining is a member's sign of life, with which it joins if it has not. It says in which generation it is.
type joining struct {
	Group      string `json:"group"`
	Member     uint64 `json:"member"`
	Generation uint64 `json:"generation"`
}

// joined is the answer: what the member has to process, and from where on.
type joined struct {
	Generation uint64     `json:"generation"`
	Partitions []progress `json:"partitions,omitempty"`
}

// committing says how far a member is; if it says who sends it, as a part of a transaction.
type committing struct {
	Member     uint64 `json:"member"`
	Generation uint64 `json:"generation"`
	progress
	Sender sender `json:"sender,omitzero"`
}

// group is one of which the replica coordinates the members.
func (r *replica) group(name string) *group {
	g := r.leading.groups[name]
	if g == nil {
		g = &group{generation: r.epoch << 32, heard: map[uint64]time.Time{}}
		r.leading.groups[name] = g
	}
	return g
}

// join takes a sign of life of a member.
func (b *broker) join(q joining) rpc.Response {
	b.Lock()
	defer b.Unlock()
	r := b.replica(groups)
	if r == nil || r.leading == nil {
		return b.notLeader(groups)
	}
	g := r.group(q.Group)
	g.expire(b.config.GroupSession)
	if g.heard[q.Member] = time.Now(); !slices.Contains(g.members, q.Member) {
		g.members = append(g.members, q.Member)
		g.generation++
	}
	answer := joined{Generation: g.generation}
	for i, partition := range b.partitionsOf(q.Group) {
		if g.members[i%len(g.members)] != q.Member {
			continue
		}
		if q.Generation != g.generation && b.unstable(r, q.Group, partition) {
			return rpc.Refuse(r.epoch, "unstable-offset", "")
		}
		next := r.progress[[2]string{q.Group, partition}]
		answer.Partitions = append(answer.Partitions, progress{q.Group, partition, next})
	}
	return rpc.Answer(r.epoch, fmt.Sprintf("generation %d, %d partitions", answer.Generation, len(answer.Partitions)), answer)
}

// expire drops members that were not heard for long, and so begins another generation.
func (g *group) expire(after time.Duration) {
	lapsed := func(member uint64) bool { return time.Since(g.heard[member]) > after }
	if left := slices.DeleteFunc(slices.Clone(g.members), lapsed); len(left) < len(g.members) {
		g.members = left
		g.generation++
	}
}

// partitionsOf are the partitions that a group consumes: those whose names begin with its own.
func (b *broker) partitionsOf(group string) (partitions []string) {
	for _, a := range b.metadata.Partitions {
		if strings.HasPrefix(a.Partition, group+"/") {
			partitions = append(partitions, a.Partition)
		}
	}
	return partitions
}

// commitProgress stores how far a member is, unless another generation has begun: then the partition may be another member's. In a
// transaction the generation is what fences a member, as the partitions of one transactional id change (KIP-447).
func (b *broker) commitProgress(q committing) rpc.Response {
	return b.appended(groups, func(r *replica) step {
		g := r.group(q.Group)
		if g.expire(b.config.GroupSession); b.outdated(g, q.Generation) {
			return step{rejected: "other-generation"}
		}
		return b.admit(r, message{Progress: &q.progress, sender: q.Sender})
	})
}
