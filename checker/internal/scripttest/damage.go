package scripttest

import (
	"regexp"
	"slices"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// damage has a checker judge a history once for each part of each value and for each strange thing that can be in its place. Stores answer
// what they like, and people write histories themselves.
func damage(t *testing.T, c checker.Checker, whole []history.Event, in checker.Input) {
	for i, e := range whole {
		for _, v := range strange(e.Value) {
			events := slices.Clone(whole)
			events[i].Value = v
			var err error
			if in.Operations, err = history.Operations(events); err == nil {
				survives(t, c, in, events[i])
			}
		}
	}
}

// survives reports a crash with what has caused it.
func survives(t *testing.T, c checker.Checker, in checker.Input, damaged history.Event) {
	defer func() {
		if crash := recover(); crash != nil {
			t.Errorf("%s crashes where process %d's %s (%v) has %v: %v", c.Name(), damaged.Process, damaged.F, damaged.Type, damaged.Value, crash)
		}
	}()
	c.Check(t.Context(), in, checker.Options{})
}

// atoms are the numbers and texts in a value as JSON, and what is nothing.
var atoms = regexp.MustCompile(`-?\d+|"[^"]*"|null`)

// strange are values in which one part of a value is something else, or all of it is.
func strange(v history.Value) (all []history.Value) {
	text := v.String()
	places := append(atoms.FindAllStringIndex(text, -1), []int{0, len(text)})
	for _, at := range places {
		for _, other := range []string{`-1`, `-7`, `9223372036854775807`, `"a"`, `null`, `[]`, `{"map":[["a",1]]}`} {
			if v, err := history.ParseValue([]byte(text[:at[0]] + other + text[at[1]:])); err == nil {
				all = append(all, v)
			}
		}
	}
	return all
}
