package logical

import (
	"fmt"
	"maps"
	"time"
)

// Reading is what all clocks of a node show at an event.
type Reading struct {
	Lamport Lamport       `json:"l"`
	Vector  Vector        `json:"v"`
	Hybrid  Hybrid        `json:"h"`
	Wall    time.Duration `json:"w"` // what the physical clock shows, since an origin that all nodes share
}

// Clocks are all clocks of a node at once. They show the same kind of events: those of the node itself, such as the sending of a
// message, and receipts.
type Clocks struct {
	node string
	now  Reading
}

// NewClocks returns the clocks of a node before the first event.
func NewClocks(node string) *Clocks { return &Clocks{node, Reading{Vector: Vector{}}} }

// Next is what they will show at an event of the node itself that is next, while its physical clock shows wall.
func (c *Clocks) Next(wall time.Duration) Reading {
	r := c.now.clone()
	r.Lamport.Tick()
	r.Vector.Tick(c.node)
	r.Hybrid.Tick(wall)
	r.Wall = wall
	return r
}

// Happened counts an event of the node itself at which they showed a reading.
func (c *Clocks) Happened(r Reading) { c.now = r.clone() }

// Receive counts the receipt of a message at whose sending the sender's clocks showed a reading, and returns what they show.
func (c *Clocks) Receive(sent Reading, wall time.Duration) Reading {
	c.now = c.now.clone()
	c.now.Lamport.Receive(sent.Lamport)
	c.now.Vector.Merge(sent.Vector)
	c.now.Vector.Tick(c.node)
	c.now.Hybrid.Receive(sent.Hybrid, wall)
	c.now.Wall = wall
	return c.now.clone()
}

func (r Reading) clone() Reading {
	r.Vector = maps.Clone(r.Vector)
	return r
}

// String names the clocks by their letters: "L 17, V n1:3 n2:4, H 1.2s+3, wall 1.203s".
func (r Reading) String() string {
	return fmt.Sprintf("L %d, V %v, H %v, wall %v", r.Lamport, r.Vector, r.Hybrid, r.Wall)
}
