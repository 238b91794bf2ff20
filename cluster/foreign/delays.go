package foreign

import (
	"errors"
	"fmt"
	"math"
	"time"

	"faultline/cluster/guest"
)

// Delays have goroutines of a node wait before they take a mutex, and before they change a file or sync it, drawn from the seed.
// Goroutines of a process otherwise run one after the other until each waits, so that other goroutines, kills and losses of
// power rarely come between two steps of one.
type Delays struct {
	Lock      time.Duration `json:"lock_delay,omitempty" flag:"lock-delay" doc:"how long goroutines of a node wait, at most, before they take a mutex; 0 for not at all"`
	LockShare float64       `json:"lock_delay_share,omitempty" flag:"lock-delay-share" doc:"the share of mutexes taken that are waited for in this way, 0 to 1"`
	Call      time.Duration `json:"call_delay,omitempty" flag:"call-delay" doc:"how long goroutines of a node wait, at most, before they change or sync a file; 0 for not at all"`
	CallShare float64       `json:"call_delay_share,omitempty" flag:"call-delay-share" doc:"the share of these changes and syncs that are waited for in this way, 0 to 1"`
}

// usualDelays are those of a config that names none: no delays, and shares for whoever asks for some. There are far more
// mutexes than changes of files.
var usualDelays = Delays{LockShare: 0.01, CallShare: 0.1}

func (d Delays) validate() error {
	return errors.Join(validDelay("lock", d.Lock, d.LockShare), validDelay("call", d.Call, d.CallShare))
}

// jitter is a delay in the terms of a guest.
func jitter(most time.Duration, share float64) guest.Jitter {
	if most == 0 || share == 0 {
		return guest.Jitter{}
	}
	return guest.Jitter{One: uint32(math.Round(1 / share)), Most: most}
}

// maxDelay is what a guest can be told.
const maxDelay = 4 * time.Second

// validDelay reports what no guest can be told.
func validDelay(what string, most time.Duration, share float64) error {
	switch {
	case most < 0 || most > maxDelay:
		return fmt.Errorf("a %s is delayed by up to %v: give 0 to %v", what, most, maxDelay)
	case share < 0 || share > 1 || 0 < share && share < 1e-6:
		return fmt.Errorf("the share of %ss that are delayed is %v: give 0.000001 to 1, or 0 for none", what, share)
	}
	return nil
}
