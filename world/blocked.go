package world

import (
	"bytes"
	"fmt"
	"regexp"

	"faultline/world/internal/stuck"
)

// waitsForMutex matches the first line of a goroutine in a dump that waits for a mutex.
var waitsForMutex = regexp.MustCompile(`^goroutine \d+ \[sync\.(RW)?Mutex\.`)

// blocked says which line waits for a mutex, if any goroutine of a dump does; empty if none does. Where a world makes no progress
// that is nearly always why: a mutex is no durable wait, so the virtual clock stands still while one goroutine
// sleeps with it and another wants it.
func blocked(dump []byte) string {
	for goroutine := range bytes.SplitSeq(dump, []byte("\n\n")) {
		if waitsForMutex.Match(bytes.TrimSpace(goroutine)) {
			if at := stuck.Caller(string(goroutine), "sync.", "internal/", "runtime."); at != "" {
				return fmt.Sprintf("; %s waits for a mutex: virtual time stands still if whoever holds it waits for time, network or disk", at)
			}
		}
	}
	return ""
}
