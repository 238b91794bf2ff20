package ladder

import "faultline/internal/timebound"

// clock is the bound on time of a check.
type clock = timebound.Clock
