package quorum

import "hash/fnv"

// home are the N replicas of a key: the nodes at its place on the ring, and those that follow. The ring has a place for each node, at equal
// distances. In practice nodes have many places each, so that one that comes or goes takes a little from all.
func (s *system) home(key string) []string { return s.ring(key)[:s.sizes.n] }

// spare are the other nodes, in the order in which they stand in for replicas that do not answer.
func (s *system) spare(key string) []string { return s.ring(key)[s.sizes.n:] }

// ring is all nodes, in the order in which a walk from the place of a key meets them.
func (s *system) ring(key string) []string {
	h := fnv.New32a()
	h.Write([]byte(key))
	nodes := s.Nodes()
	at := int(h.Sum32() % uint32(len(nodes)))
	return append(nodes[at:len(nodes):len(nodes)], nodes[:at]...)
}
