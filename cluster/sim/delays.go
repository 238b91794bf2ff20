package sim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"faultline/cluster/scheduler"
)

// GoroutineDelays have goroutines of a node wait before they take a mutex, and before they change a file or sync it, drawn from the seed.
// Goroutines of a process otherwise run one after the other until each waits, so that other goroutines, kills and losses of
// power rarely come between two steps of one. They need a program that was built with the overlay.
type GoroutineDelays struct {
	Lock      time.Duration `json:"lock_delay,omitempty" flag:"lock-delay" doc:"how long a goroutine of a node waits, at most, before it takes a mutex; 0 for no delay"`
	LockShare float64       `json:"lock_delay_share,omitempty" flag:"lock-delay-share" doc:"the share of mutex acquisitions that are delayed, 0 to 1"`
	Call      time.Duration `json:"call_delay,omitempty" flag:"call-delay" doc:"how long a goroutine of a node waits, at most, before it changes or syncs a file; 0 for no delay"`
	CallShare float64       `json:"call_delay_share,omitempty" flag:"call-delay-share" doc:"the share of these changes and syncs that are delayed, 0 to 1"`
}

// usualDelays are those of a config that names none: no delays, and shares for whoever asks for some. There are far more
// mutexes than changes of files.
var usualDelays = GoroutineDelays{LockShare: 0.01, CallShare: 0.1}

// Delayed implements cluster.Delayer: it reports whether anything is delayed.
func (d GoroutineDelays) Delayed() bool { return d.Locks().One > 0 || d.Calls().One > 0 }

// Locks is the delay before a mutex is taken.
func (d GoroutineDelays) Locks() scheduler.Jitter { return jitter(d.Lock, d.LockShare) }

// Calls is the delay before a change of a file, or a sync.
func (d GoroutineDelays) Calls() scheduler.Jitter { return jitter(d.Call, d.CallShare) }

func jitter(most time.Duration, share float64) scheduler.Jitter {
	if most == 0 || share == 0 {
		return scheduler.Jitter{}
	}
	return scheduler.Jitter{One: uint32(math.Round(1 / share)), Most: most}
}

func (d GoroutineDelays) validate() error {
	return errors.Join(validDelay("lock", d.Lock, d.LockShare), validDelay("call", d.Call, d.CallShare))
}

// maxDelay is what the runtime can be told.
const maxDelay = 4 * time.Second

// validDelay reports what the runtime cannot be told.
func validDelay(what string, most time.Duration, share float64) error {
	switch {
	case most < 0 || most > maxDelay:
		return fmt.Errorf("a %s is delayed by up to %v: give 0 to %v", what, most, maxDelay)
	case share < 0 || share > 1 || 0 < share && share < 1e-6:
		return fmt.Errorf("the share of %ss that are delayed is %v: give 0.000001 to 1, or 0 for none", what, share)
	}
	return nil
}
