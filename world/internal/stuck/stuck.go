// Package stuck finds out why a world makes no progress whose nodes are processes. While a guest has its turn the world waits for
// it, and for as long as it likes. So a guest that spins, or waits for something outside of the world, stops all of it, and
// only from outside can it be found.
package stuck

import (
	"bytes"
	"path/filepath"
	"strings"
)

// Find looks for the guest of a world's process that does not come back. It returns what that does, such as "n2 spins in main.loop at
// main.go:12", and its goroutines; empty if no guest is to blame. The guest ends, and the world's process is
// left stopped if one was found: it is to be killed.
func Find(world int) (what string, goroutines []byte) { return find(world) }

// waits is what only a guest does that waits for its turn.
const waits = "syscall.faultlineHear("

// blame says what a guest does by its goroutines; empty if it waits for its turn.
func blame(node string, spins bool, goroutines []byte) string {
	if bytes.Contains(goroutines, []byte(waits)) {
		return ""
	}
	does, states := "waits outside of the world in ", []string{"[syscall", "[IO wait"}
	if spins {
		does, states = "spins in ", []string{"[running", "[runnable"}
	}
	for _, state := range states {
		for g := range strings.SplitSeq(string(goroutines), "\n\n") {
			header, _, _ := strings.Cut(g, "\n")
			if !strings.HasPrefix(header, "goroutine ") || !strings.Contains(header, state) {
				continue
			}
			if at := Caller(g, "runtime.", "runtime/", "internal/", "syscall.", "os.", "sync."); at != "" {
				return node + " " + does + at
			}
		}
	}
	return ""
}

// Caller is the first line of a goroutine's stack that is of none of these packages, as "set.add at set.go:12".
func Caller(goroutine string, but ...string) string {
	lines := strings.Split(strings.TrimSpace(goroutine), "\n")
	for i := 1; i+1 < len(lines); i += 2 {
		function, file := lines[i], strings.TrimSpace(lines[i+1])
		if isOf(function, but) {
			continue
		}
		file, _, _ = strings.Cut(file, " ")
		if open := strings.LastIndex(function, "("); open > 0 {
			function = function[:open]
		}
		return filepath.Base(function) + " at " + filepath.Base(file)
	}
	return ""
}

func isOf(function string, packages []string) bool {
	for _, p := range packages {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}
