package sets

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/perkey"
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
//
//	lost        an acknowledged element that a final read lacks, though it began after the add had returned
//	unexpected  an element of a final read that nothing had added, or only adds that failed
//	duplicated  an element that a final read has twice
//
// Recovered is an element of a final read that need not be there, as the outcome of its add is unknown or was not known yet.
//
// Jepsen's set takes a read for a set, so that it
// does not see what is there twice; it also takes an element for lost whose add returned after the final read.
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
	final := s.final()
	if len(final) == 0 && !s.Ends() {
		final = s.last()
	}
	if len(final) == 0 {
		return []checker.Finding{o.Undecided(o.The() + " was not read in the end")}
	}
	var lost []int32
	for e, seen := range s.sightings(final, s.acknowledged()) {
		switch {
		case seen.lacking() > 0:
			lost = append(lost, int32(e))
		case seen.begun > 0:
			j.kept++
		case seen.last >= 0 && s.added[e].begun < never:
			j.recovered++
		}
	}
	var found []checker.Finding
	if len(lost) > 0 {
		found = append(found, s.lostInTheEnd(lost, final))
	}
	return append(found, s.impossible(final)...)
}

// last is the read that returned last.
func (s *set) last() []read {
	if len(s.reads) == 0 {
		return nil
	}
	return []read{slices.MaxFunc(s.reads, func(a, b read) int { return cmp.Compare(a.Returned, b.Returned) })}
}

func (s *set) lostInTheEnd(lost []int32, final []read) checker.Finding {
	acknowledged := 0
	for _, a := range s.added {
		if a.by != nil {
			acknowledged++
		}
	}
	first := lost[0]
	add := s.added[first].by
	i := slices.IndexFunc(final, func(r read) bool { return r.Invoked > add.Returned && !slices.Contains(r.has, first) })
	return s.Found("lost", fmt.Sprintf("%s lost %s of %s: %s; %s in the end lacks %s", s.The(), wording.Grouped(len(lost)), wording.Count(acknowledged, "acknowledged element"),
		perkey.Some(s.values(lost)), perkey.Who(final[i].Operation), perkey.Short(s.value(first))), add, final[i].Operation)
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
