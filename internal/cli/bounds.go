package cli

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"faultline/checker"
)

// memoryOfProgram is what the program takes with its tables and buffers, and with what the garbage collector has not collected yet.
const memoryOfProgram = 80 << 20

// limitMemory has the garbage collector keep the process within what --memory gives to searches, what the program takes, and twice what the
// operations take that are remembered: with no room beside these it would collect again and again, and find them all alive. GOMEMLIMIT takes
// precedence.
func (f *checkFlags) limitMemory(remembered int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(f.memory)<<20 + memoryOfProgram + 2*remembered)
	}
}

// larger says which flags would let a check go on that met its bounds.
func (f *checkFlags) larger(part checker.Part) []string {
	var advice []string
	met := func(b checker.Bound) bool {
		return slices.ContainsFunc(part.Findings, func(f checker.Finding) bool { return f.Bound == b })
	}
	if met(checker.MemoryBound) {
		advice = append(advice, fmt.Sprintf("--memory %d was too little for the search; give more", f.memory))
	}
	if met(checker.TimeBound) {
		advice = append(advice, fmt.Sprintf("--check-timeout %v was too short; give more", f.timeout.Round(time.Millisecond)))
	}
	return advice
}
