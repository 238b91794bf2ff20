package logical

import (
	"cmp"
	"fmt"
	"time"
)

// Hybrid is a hybrid logical clock (Kulkarni et al. 2014): the largest time of a physical clock that is known of, and a counter for what
// happened since. It is close to physical time while clocks are close to each other, and keeps the order of what happened before what
// whatever they show.
type Hybrid struct {
	Wall  time.Duration `json:"wall"`  // since an origin that all nodes share
	Count uint32        `json:"count"` // of events at that time
}

// Tick counts an event of the node itself while its physical clock shows now, and returns its time.
func (h *Hybrid) Tick(now time.Duration) Hybrid {
	if now > h.Wall {
		*h = Hybrid{Wall: now}
	} else {
		h.Count++
	}
	return *h
}

// Receive counts the receipt of a message that was sent at a time, and returns its own time.
func (h *Hybrid) Receive(sent Hybrid, now time.Duration) Hybrid {
	if sent.Compare(*h) > 0 {
		*h = sent
	}
	return h.Tick(now)
}

// Compare is negative if h is before i, positive if it is after, and 0 if they are the same. Events of two nodes may have the same.
func (h Hybrid) Compare(i Hybrid) int {
	return cmp.Or(cmp.Compare(h.Wall, i.Wall), cmp.Compare(h.Count, i.Count))
}

func (h Hybrid) String() string { return fmt.Sprintf("%v+%d", h.Wall, h.Count) }
