package cli

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"faultline/checker"
)

// What check takes in addition to what --memory gives to searches: the program with its tables and buffers, and what the garbage
// collector has not collected yet; and an operation that is remembered, with what is read from it.
const (
	memoryOfProgram   = 80 << 20
	memoryOfOperation = 256
)

// limitMemory has the garbage collector keep the process within what --memory gives to searches and the constants above. GOMEMLIMIT
// takes precedence.
func (f *checkFlags) limitMemory(remembered int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(f.memory)<<20 + memoryOfProgram + memoryOfOperation*int64(remembered))
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
