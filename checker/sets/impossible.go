package sets

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
)

// impossible finds what no read of a set can return, whenever it took place: elements that nothing had added, and elements twice.
func (s *set) impossible(reads []read) []checker.Finding {
	unexpected := cases{counted: make([]bool, len(s.added))}
	duplicated := cases{counted: make([]bool, len(s.added))}
	for _, r := range reads {
		s.Clock.Spend(len(r.has))
		for _, e := range r.has {
			if s.added[e].begun > r.Returned {
				unexpected.add(r, e)
			}
		}
		for _, e := range r.again {
			duplicated.add(r, e)
		}
	}
	var found []checker.Finding
	if all := unexpected.elements; len(all) > 0 {
		r, add := unexpected.first, s.added[all[0]].first
		found = append(found, s.Found("unexpected", fmt.Sprintf("%s of %s has %s, %s%s", perkey.Who(r), s.The(), perkey.Short(s.value(all[0])),
			unexplained(add), perkey.Others(s.values(all))), add, r))
	}
	if all := duplicated.elements; len(all) > 0 {
		r := duplicated.first
		found = append(found, s.Found("duplicated", fmt.Sprintf("%s of %s has %s twice%s", perkey.Who(r), s.The(), perkey.Short(s.value(all[0])),
			perkey.Others(s.values(all))), r))
	}
	return found
}

// cases are elements with which something is wrong, each once, and the read that shows it of the first.
type cases struct {
	elements []int32
	first    *history.Operation
	counted  []bool
}

func (c *cases) add(r read, e int32) {
	if c.counted[e] {
		return
	}
	c.counted[e] = true
	if c.elements = append(c.elements, e); c.first == nil {
		c.first = r.Operation
	}
}

// unexplained says why an add does not explain that an element is there.
func unexplained(add *history.Operation) string {
	switch {
	case add == nil:
		return "which nothing added"
	case add.Outcome == history.Fail:
		return fmt.Sprintf("although %s of it had failed", perkey.Who(add))
	default:
		return fmt.Sprintf("before %s of it began", perkey.Who(add))
	}
}
