package foreign

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"faultline/cluster"
	"faultline/cluster/guest"
	"faultline/cluster/network"
	"faultline/history"
)

// client is a client on a host of its own.
type client struct {
	cluster.Client
	host *network.Host
}

// Open implements cluster.System.
func (s *system) Open(id int, node string) cluster.Client {
	c := &client{host: s.Client(id)}
	guest.On(c.host, func() {
		var err error
		if c.Client, err = s.opener()(s.target(id, node)); err != nil { // tryClient has opened one like it
			c.Client = unopened{err.Error()}
		}
	})
	return c
}

// Do implements cluster.Client.
func (c *client) Do(o cluster.Op) (out cluster.Outcome) {
	guest.On(c.host, func() { out = c.Client.Do(o) })
	return out
}

// Close implements cluster.Client. What the library may have left running ends with its host.
func (c *client) Close() {
	guest.On(c.host, c.Client.Close)
	guest.Off(c.host)
}

// opener is what opens clients of this system; nil if this program is not linked with them.
func (s *system) opener() opener { return openers[s.config.Description.Client.Kind] }

// tryClient opens a client, which connects to nobody yet, to see that it has no complaint about its options.
func (s *system) tryClient() error {
	if s.opener() == nil {
		return fmt.Errorf("this program is not linked with the client %s: it cannot be the process of a world of %s",
			s.config.Description.Client.Kind, s.config.Description.Name)
	}
	c, err := s.opener()(s.target(-1, s.Nodes()[0]))
	if err != nil {
		return refused("the client %s: %v", s.config.Description.Client.Kind, err)
	}
	c.Close()
	return nil
}

// target is what a client is opened for.
func (s *system) target(id int, node string) Target {
	nodes, d := s.Nodes(), s.config.Description
	near := slices.Index(nodes, node)
	t := Target{ID: id, Node: node, Nodes: nodes, Options: d.Options(s.mode), Timeout: s.config.Timeout, Draw: s.generator(id)}
	for i := range nodes {
		t.Endpoints = append(t.Endpoints, fmt.Sprintf("%s:%d", nodes[(near+i)%len(nodes)], d.Client.Port))
	}
	return t
}

// generator is the source of a client's randomness.
func (s *system) generator(id int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "client %d", id)
	return rand.New(rand.NewPCG(s.env.Seed, h.Sum64()))
}

// unopened is a client that could not be opened.
type unopened struct{ why string }

func (u unopened) Do(cluster.Op) cluster.Outcome {
	return cluster.Outcome{Type: history.Fail, Error: "not sent: " + u.why}
}

func (unopened) Close() {}
