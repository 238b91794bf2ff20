package catalog

import (
	"fmt"
	"slices"
)

// conditional are functions that do nothing where the object is not as they need it, and fail then. That all of them fail is as it should
// be: of a lock that nobody ever gives back, or a queue that is empty.
var conditional = []string{"cas", "delete", "remove", "dequeue", "pop", "drain", "delete-min", "acquire", "release", "transfer"}

// aside are functions of Jepsen's test of Kafka that do nothing to the logs. A crash is never ok, and its stats leave both out too.
var aside = []string{"crash", "debug-topic-partitions"}

// NeverSucceeded says which function was tried and did not succeed once, as Jepsen's stats do; empty if there is none. Where no write
// succeeded, or no read, a history that is valid shows little.
func (g *Guesser) NeverSucceeded() string {
	for _, f := range g.functions() {
		u := g.of(f)
		if !u.ok && !slices.Contains(conditional, f) && !slices.Contains(aside, f) {
			return fmt.Sprintf("no %s is ok, of %d", f, u.count)
		}
	}
	return ""
}
