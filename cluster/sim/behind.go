package sim

// Follower is a Program that is to become what the one that leads is.
type Follower interface {
	Program
	// Standing is what those that agree have in common, in words. It must not wait for anything in the world.
	Standing() string
	// Settled is asked of the leader: whether it has committed all that its predecessors may have acknowledged. Until then nodes that
	// agree with it may be behind all the same.
	Settled() bool
}

// BehindLeader names the running nodes that do not stand where the leader does, all of them while none leads or the leader has
// not settled. Systems of Followers implement cluster.Replicas by it.
func (c *Cluster) BehindLeader() (names []string) {
	_, leads := c.Leading()
	leader, _ := leads.(Follower)
	for _, node := range c.Nodes() {
		f, _ := c.Program(node).(Follower)
		if f != nil && (leader == nil || !leader.Settled() || f.Standing() != leader.Standing()) {
			names = append(names, node)
		}
	}
	return names
}
