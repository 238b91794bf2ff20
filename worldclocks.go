package faultline

import (
	"slices"
	"sync"
	"time"

	"faultline/cluster"
)

// clocks has the code of a world's hosts see what is done to the clocks of their machines.
type clocks struct {
	cluster.Clocks
	w *W

	// mu guards what follows. Nobody waits while holding it.
	mu     sync.Mutex
	moving []string // hosts whose clocks do not keep to the world's time
	run    bool     // somebody follows them
}

// followEach is how often a clock that drifts or strobes is looked at.
const followEach = 5 * time.Millisecond

// Jump implements cluster.Clocks.
func (c *clocks) Jump(node string, by time.Duration) error {
	return c.set(node, c.Clocks.Jump(node, by))
}

// Drift implements cluster.Clocks.
func (c *clocks) Drift(node string, ppm int64) error {
	return c.follow(node, c.Clocks.Drift(node, ppm))
}

// Strobe implements cluster.Clocks.
func (c *clocks) Strobe(node string, by, period time.Duration) error {
	return c.follow(node, c.Clocks.Strobe(node, by, period))
}

// Correct implements cluster.Clocks.
func (c *clocks) Correct(node string) error {
	c.mu.Lock()
	c.moving = slices.DeleteFunc(c.moving, func(other string) bool { return other == node })
	c.mu.Unlock()
	return c.set(node, c.Clocks.Correct(node))
}

// set shows a host its clock.
func (c *clocks) set(node string, err error) error {
	if h := c.w.host(node); h != nil {
		h.setClock()
	}
	return err
}

// follow shows a host its clock again and again, until it is corrected.
func (c *clocks) follow(node string, err error) error {
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.moving, node) {
		c.moving = append(c.moving, node)
	}
	if !c.run {
		c.run = true
		go c.followAll()
	}
	return nil
}

func (c *clocks) followAll() {
	for {
		c.mu.Lock()
		nodes := slices.Clone(c.moving)
		c.run = len(nodes) > 0
		c.mu.Unlock()
		if len(nodes) == 0 {
			return
		}
		for _, node := range nodes {
			_ = c.set(node, nil)
		}
		time.Sleep(followEach)
	}
}
