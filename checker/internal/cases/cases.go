// Package cases collects what is wrong with a history. Of each kind the first case is told, and how many more there are like it.
package cases

import (
	"fmt"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// Cases are those of one history. The zero value has none.
type Cases struct{ kinds []*kind }

// kind is what is found of a rule with one validity: its first case, and how many there are.
type kind struct {
	checker.Finding
	count int
}

// Broken takes a case in which a rule is broken on an object, and the operations that show it: each counts once, and nil is none.
func (c *Cases) Broken(rule, on string, shown []*history.Operation, format string, args ...any) {
	c.note(checker.Finding{Rule: rule, On: on, Validity: checker.Invalid}, shown, format, args...)
}

// Unknown takes a case in which a rule cannot be judged.
func (c *Cases) Unknown(rule, on string, shown []*history.Operation, format string, args ...any) {
	c.note(checker.Finding{Rule: rule, On: on, Validity: checker.Unknown}, shown, format, args...)
}

func (c *Cases) note(f checker.Finding, shown []*history.Operation, format string, args ...any) {
	for _, k := range c.kinds {
		if k.Rule == f.Rule && k.Validity == f.Validity {
			k.count++
			return
		}
	}
	f.Sentence = fmt.Sprintf(format, args...)
	f.Show(once(shown)...)
	c.kinds = append(c.kinds, &kind{f, 1})
}

// once are operations, each once.
func once(shown []*history.Operation) (all []history.Operation) {
	seen := map[int32]bool{}
	for _, op := range shown {
		if op != nil && !seen[op.Invoked] {
			seen[op.Invoked] = true
			all = append(all, *op)
		}
	}
	return all
}

// Findings is one for each rule and validity, in the order of their first cases.
func (c *Cases) Findings() (all []checker.Finding) {
	for _, k := range c.kinds {
		f := k.Finding
		f.Sentence += wording.MoreLikeIt(k.count)
		all = append(all, f)
	}
	return all
}

// Among are the operations at some positions of a history. A negative position is that of none.
func Among(all []history.Operation, positions []int32) (some []*history.Operation) {
	for _, i := range positions {
		if i >= 0 {
			some = append(some, &all[i])
		}
	}
	return some
}
