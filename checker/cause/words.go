package cause

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// clock is a moment of the test: "51.9 s".
func clock(at time.Duration) string { return fmt.Sprintf("%.1f s", at.Seconds()) }

// as says in which role a node answered; empty if that is not known.
func as(s stint) string {
	switch {
	case s.leads():
		return "led from " + clock(s.begin)
	case s.role != "":
		return "was a " + s.role
	}
	return ""
}

// inTurn is what a node did, for its name to stand before: " led from 51.9 s and answered". What is empty is left out.
func inTurn(did ...string) string {
	did = slices.DeleteFunc(did, func(text string) bool { return text == "" })
	return " " + and(did)
}

// and joins a few texts: "n1, n2 and n3".
func and(texts []string) string {
	k := len(texts) - 1
	if k < 1 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:k], ", ") + " and " + texts[k]
}

// from is the index from which an operation was answered, if the system claims one.
func from(b answer) string {
	if b.LogIndex == 0 {
		return ""
	}
	return fmt.Sprintf(" from index %d", b.LogIndex)
}

// did says what a node told its client: that it acknowledged an index, or answered from it.
func did(a answer) string {
	switch {
	case a.LogIndex == 0 && changes(a.Operation):
		return "acknowledged the " + a.F
	case a.LogIndex == 0:
		return "answered a " + a.F
	case changes(a.Operation):
		return fmt.Sprintf("acknowledged index %d", a.LogIndex)
	}
	return fmt.Sprintf("answered from index %d", a.LogIndex)
}

// whose is the index of the earlier operation, and what its node had told of it.
func whose(a, b answer) string {
	if changes(a.Operation) {
		return fmt.Sprintf("%d, which %s had acknowledged", a.LogIndex, name(a, b))
	}
	return fmt.Sprintf("%d, from which %s had answered", a.LogIndex, name(a, b))
}

// what is what the earlier operation had shown to be there.
func what(a, b answer) string {
	text := "what " + name(a, b) + " had shown"
	if changes(a.Operation) {
		text = "the " + a.F + " that " + name(a, b) + " had acknowledged"
	}
	switch {
	case a.LogIndex > 0:
		text += fmt.Sprintf(" at index %d", a.LogIndex)
	case b.LogIndex > 0 && changes(a.Operation):
		text += " without an index"
	}
	return text
}

// name is the node of the earlier operation in a sentence about that of the later one.
func name(a, b answer) string {
	if a.Node() == b.Node() {
		return "it"
	}
	return a.Node()
}

// list names nodes, or says that it is all of them.
func (r *record) list(nodes []string) string {
	known := map[string]bool{}
	for _, s := range r.stints {
		known[s.node] = true
	}
	if len(nodes) > 1 && len(nodes) == len(known) {
		return "all nodes"
	}
	return and(nodes)
}
