package catalog

import (
	"fmt"
	"slices"
)

// conditional are functions that do nothing where the object is not as they need it, and fail then. That all of them fail is as it should
// be: of a lock that nobody ever gives back, or a queue that is empty.
var conditional = []string{"cas", "delete", "remove", "dequeue", "pop", "drain", "delete-min", "acquire", "release", "transfer"}

// NeverSucceeded says which function was tried and did not succeed once, as Jepsen's stats do; empty if there is none. Where no write succeeded, or no read, a history
// that is valid shows little.
func (g *Guesser) NeverSucceeded() string {
	for _, f := range g.functions() {
		u := g.of(f)
		if !u.ok && !slices.Contains(conditional, f) {
			return fmt.Sprintf("no %s is ok, of %d", f, u.count)
		}
	}
	return ""
}
