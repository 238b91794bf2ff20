package nemesis

import (
	"fmt"
	"slices"
	"strings"
)

// verb is one word of the language. A new one is a file of its own and a line in verbs.
type verb struct {
	name  string
	usage string

	// parse reads what follows the verb.
	parse func(*line) (Action, error)

	// mend ends everything in effect that the verb can end; nil for a verb that begins faults.
	mend func(*Runner)
}

// verbs are all of them. Runner.Heal mends in this order: links first, so that nodes which start again
// find each other, and disks before nodes, as a node does not start on a bad one.
var verbs = []verb{
	partitionVerb,
	healVerb,
	onewayVerb, chaseVerb, flapVerb, delay.verb(), loss.verb(), throttle.verb(), reorder.verb(), duplicateVerb, resetVerb, endVerb,
	crashLoop.beginVerb(), crashLoop.endVerb(),
	rollingRestart.beginVerb(), rollingRestart.endVerb(),
	crashAt.beginVerb(), crashAt.endVerb(),
	diskSlow.beginVerb(), diskSlow.endVerb(),
	diskStuck.beginVerb(), diskStuck.endVerb(),
	diskError.beginVerb(), diskError.endVerb(),
	diskFull.beginVerb(), diskFull.endVerb(),
	diskLying.beginVerb(), diskLying.endVerb(), powerCycleVerb,
	bitFlip.beginVerb(), bitFlip.endVerb(),
	truncation.beginVerb(), truncation.endVerb(),
	crash.verb(),
	powerloss.verb(),
	restart.verb(), restartOlder.verb(),
	pause.verb(),
	resume.verb(),
	burst.verb(), hotKey.verb(), largeValues.verb(), slowClients.verb(),
	jumpVerb, driftVerb, strobeVerb, correctVerb,
	transferVerb, remove.verb(), demote.verb(), addNonvoter.verb(), promote.verb(), add.verb(), replaceVerb,
}

func verbNames() []string {
	names := make([]string, len(verbs))
	for i, v := range verbs {
		names[i] = v.name
	}
	return names
}

// checkNodes refuses names that a schedule could not tell from its own words.
func checkNodes(nodes []string) error {
	reserved := append(symbolNames(), verbNames()...)
	for i, n := range nodes {
		switch {
		case !validName(n):
			return fmt.Errorf("%q cannot be the name of a node: %s", n, nameRule)
		case slices.Contains(reserved, n):
			return fmt.Errorf("%q cannot be the name of a node: it is a word of the language of faults", n)
		case slices.Contains(nodes[:i], n):
			return fmt.Errorf("two nodes are called %q", n)
		}
	}
	return nil
}

const nameRule = "a name is made of letters, digits, and . : _ -"

func validName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune(".:_-", c))
	}) < 0
}
