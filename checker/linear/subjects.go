package linear

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"faultline/checker"
)

// subject is an object that a verdict is about. A check of operations has all of them in memory; a stream, which remembers
// operations only, reads one at a time.
type subject interface {
	// load reads it. The object lasts until the next one is read. It is nil if there was no time for that.
	load(c *clock) *object
	// settle takes over what was decided.
	settle(*object)
	// verdict is what was settled.
	verdict() (name string, d decision, operations int)
	// explain adds to the finding about one that is invalid what shows that.
	explain(f *checker.Finding, c *clock, memory int64)
}

// searchShares are the shares of the bound on memory that searches get, in rounds.
var searchShares = []int64{64, 8, 1}

// decideAll decides all subjects within one bound on time. What needs no search comes first: it is known
// how long that takes, and the whole bound is there for it. The searches that are left begin with those
// that look easy. They go in rounds: a search that needs little comes to its end before one that needs much takes the time, however
// hard either looks. Within a round each gets an equal share of the time that is left.
func decideAll(all []subject, c *clock, memory int64) {
	hard := decideEasy(all, c, memory)
	if slices.ContainsFunc(all, isInvalid) {
		c = c.Share(2) // the verdict is clear, and the other half is to explain it
	}
	shares := searchShares
	if len(hard) == 1 {
		shares = shares[len(shares)-1:]
	}
	for round, share := range shares {
		var left []subject
		for i, s := range hard {
			mine := c.Share((len(hard) - i) * (len(shares) - round))
			o := s.load(mine)
			if o == nil {
				continue
			}
			o.search(mine, memory/share)
			if s.settle(o); o.bound != "" {
				left = append(left, s)
			}
		}
		hard = left
	}
}

// decideEasy asks the stages that need no search, and returns what is left over, what looks easy first.
func decideEasy(all []subject, c *clock, memory int64) []subject {
	type effort struct {
		subject
		pending, items int
	}
	var hard []effort
	for _, s := range all {
		o := s.load(c)
		if o == nil {
			continue
		}
		if o.decideDirectly(c, memory) {
			s.settle(o)
		} else {
			hard = append(hard, effort{s, o.pending(), len(o.items)})
		}
	}
	slices.SortStableFunc(hard, func(a, b effort) int {
		return cmp.Or(cmp.Compare(a.pending, b.pending), cmp.Compare(a.items, b.items))
	})
	left := make([]subject, len(hard))
	for i, e := range hard {
		left[i] = e.subject
	}
	return left
}

func isInvalid(s subject) bool {
	_, d, _ := s.verdict()
	return d.validity == checker.Invalid
}

// explainLeast is the time that explanations get, all together, even if the check used up its own: a verdict without a
// reason is of little use. It is short of the 100 ms to which the bound on time is kept.
const explainLeast = 50 * time.Millisecond

// explainShare is the part of what is left of the time that one explanation gets at most, so that the first hard ones leave
// something to the others.
const explainShare = 10

// conclude merges what was decided of all subjects, and explains what is not valid.
func conclude(part *checker.Part, all []subject, c *clock, memory int64) {
	explaining := c.Another(max(c.Left(), explainLeast))
	invalid := 0
	for _, s := range all {
		if isInvalid(s) {
			invalid++
		}
	}
	stages := stageCounts{}
	answers := make([]checker.Validity, 0, len(all))
	for _, s := range all {
		name, d, operations := s.verdict()
		answers = append(answers, d.validity)
		stages.add(d.stage)
		if d.validity == checker.Valid {
			continue
		}
		f := d.finding(part.Name, name, operations)
		if d.validity == checker.Invalid {
			s.explain(&f, explaining.Share(min(invalid, explainShare)), memory)
			invalid--
		}
		part.Findings = append(part.Findings, f)
	}
	part.Objects, part.Stage, part.Validity = len(all), stages.String(), checker.Merge(answers...)
	part.Reason = summarize(*part)
}

// stageCounts are how many objects each stage decided.
type stageCounts map[string]int

func (s stageCounts) add(stage string) {
	if stage != "" {
		s[stage]++
	}
}

// String names the stages, the most frequent one first.
func (s stageCounts) String() string {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(s[b]-s[a], cmp.Compare(a, b)) })
	return strings.Join(names, ", ")
}
