package linear

import (
	"time"

	"faultline/internal/timebound"
)

// clock is the bound on time of a check.
type clock = timebound.Clock

func newClock(timeout time.Duration) *clock { return timebound.New(timeout) }
