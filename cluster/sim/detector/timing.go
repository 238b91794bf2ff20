package detector

import (
	"fmt"
	"time"
)

// Timing is how often nodes give signs of life, and how long they may be silent. A design embeds it in its settings, and so has its
// flags. Durations are in nanoseconds as JSON.
type Timing struct {
	Heartbeat    time.Duration `json:"heartbeat" flag:"heartbeat" doc:"how often a node gives those a sign of life that watch it"`
	SuspectAfter time.Duration `json:"suspect_after" flag:"suspect-after" doc:"how long a node hears nothing from another before it suspects it"`
}

// DefaultTiming is that of a network of one site.
func DefaultTiming() Timing { return Timing{100 * time.Millisecond, 500 * time.Millisecond} }

// Validate reports what would keep a design busy with signs of life, or suspect nodes between two of them.
func (t Timing) Validate() error {
	switch {
	case t.Heartbeat < 5*time.Millisecond:
		return fmt.Errorf("heartbeat %v: give 5ms or more", t.Heartbeat)
	case t.SuspectAfter < 3*t.Heartbeat:
		return fmt.Errorf("suspect after %v: give three heartbeats, %v, or more", t.SuspectAfter, 3*t.Heartbeat)
	}
	return nil
}
