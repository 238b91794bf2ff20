package world

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// waitsForMutex matches the first line of a goroutine in a dump that waits for a mutex.
var waitsForMutex = regexp.MustCompile(`^goroutine \d+ \[sync\.(RW)?Mutex\.`)

// blocked says which line waits for a mutex, if any goroutine of a dump does; empty if none does. Where a world makes no progress
// that is nearly always why: a mutex is no durable wait, so the virtual clock stands still while one goroutine
// sleeps with it and another wants it.
func blocked(dump []byte) string {
	for goroutine := range bytes.SplitSeq(dump, []byte("\n\n")) {
		if waitsForMutex.Match(bytes.TrimSpace(goroutine)) {
			if at := callerOfSync(string(goroutine)); at != "" {
				return fmt.Sprintf("; %s waits for a mutex: virtual time stands still if whoever holds it waits for time, network or disk", at)
			}
		}
	}
	return ""
}

// callerOfSync is the first line of a goroutine's stack that is not of package sync, as "function at file.go:12".
func callerOfSync(goroutine string) string {
	lines := strings.Split(strings.TrimSpace(goroutine), "\n")
	for i := 1; i+1 < len(lines); i += 2 {
		function, file := lines[i], strings.TrimSpace(lines[i+1])
		if strings.HasPrefix(function, "sync.") || strings.HasPrefix(function, "internal/") || strings.HasPrefix(function, "runtime.") {
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
