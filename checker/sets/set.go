package sets

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// The names of the parts.
const (
	SetPart  = "set"
	FullPart = "set-full"
)

var adding = []string{"add", "broadcast", "read"}

// Set asks whether what was added to a set is there in the end, as Jepsen's set does. It looks at final reads: those that are marked
// as final or began when all was settled; if the test says neither of any operation on any set, the read of each that returned last.
// The last phase begins with the first operation on a set that is final, or else with that read.
//
//	lost        a final read lacks an element that was acknowledged before the last phase began
//	unexpected  a final read has an element that nothing had added when it returned, or only adds that failed
//	duplicated  a final read has an element twice
//
// Recovered is an element of a final read that need not be there, as the outcome of its add is unknown or was not known yet.
//
// Jepsen's set takes a read for a set, so that it does not see what is there twice; it also takes an element for lost whose add
// returned only after the final read. If that is null, it says unknown; here null is the empty set.
//
// A set without a final read is unknown. So is the whole if no final read of any set had to have an element, or has recovered one.
func Set() checker.Checker {
	return perkey.Kind{Part: SetPart, Noun: "set", Functions: adding, Begin: func() perkey.Judge { return new(inTheEnd) }}.Checker()
}

// inTheEnd judges sets by their final reads.
type inTheEnd struct{ kept, recovered int }

func (j *inTheEnd) Judge(o *perkey.Object) []checker.Finding {
	s, unreadable := readSet(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	final, phase, ok := s.final()
	if !ok && len(s.reads) > 0 {
		last := s.last()
		final, phase = []read{last}, last.Invoked
	}
	if len(final) == 0 {
		return []checker.Finding{o.Undecided(o.The() + " was not read in the end")}
	}
	var lost []int32
	missed, had := s.missed(final), s.had(final)
	for e, a := range s.added {
		switch {
		case a.acknowledged < phase && missed[e] >= 0:
			lost = append(lost, int32(e))
		case a.acknowledged < phase:
			j.kept++
		case a.begun < never && had[e]:
			j.recovered++
		}
	}
	var found []checker.Finding
	if len(lost) > 0 {
		found = append(found, s.lostInTheEnd(lost, final[missed[lost[0]]].Operation))
	}
	return append(found, s.impossible(final)...)
}

// last is the read that returned last.
func (s *set) last() read {
	return slices.MaxFunc(s.reads, func(a, b read) int { return cmp.Compare(a.Returned, b.Returned) })
}

// lostInTheEnd shows that the first of some elements is lost, by a read that lacks it.
func (s *set) lostInTheEnd(lost []int32, lacking *history.Operation) checker.Finding {
	acknowledged := 0
	for _, a := range s.added {
		if a.by != nil {
			acknowledged++
		}
	}
	return s.Found("lost", fmt.Sprintf("%s lost %s of %s: %s; %s in the end lacks %s", s.The(), wording.Grouped(len(lost)), wording.Count(acknowledged, "acknowledged element"),
		perkey.Some(s.values(lost)), perkey.Who(lacking), perkey.Short(s.value(lost[0]))), s.added[lost[0]].by, lacking)
}

func (j *inTheEnd) Held() (string, bool) {
	if j.kept+j.recovered == 0 {
		return "no element was acknowledged that a final read could have lacked", false
	}
	text := wording.Count(j.kept, "acknowledged element") + " remained to the end"
	if j.recovered > 0 {
		text += fmt.Sprintf("; %s recovered", wording.Were(j.recovered))
	}
	return text, true
}
