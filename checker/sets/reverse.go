package sets

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/internal/wording"
)

// ReversePart is the name of the part.
const ReversePart = "causal-reverse"

// CausalReverse asks whether rows that were written one after the other become visible in that order, as Jepsen's causal-reverse
// and the comments of elle-cli do. Each write adds a row, and a read returns all rows that there are.
//
//	reversed  a read has a row and lacks another one whose write was acknowledged before that of the first was invoked
//
// Strict serializability forbids it. A read may lack any rows, as long as it does not have later ones; rows that nothing wrote are
// not looked at, and neither is the order within a read. Of a row that was written several times, the write that was invoked first
// counts for a read that has it, and the one that was acknowledged first for a read that lacks it.
func CausalReverse() checker.Checker {
	functions := []string{"write", "add", "broadcast", "read"}
	return perkey.Kind{Part: ReversePart, Noun: "table", Functions: functions, Begin: func() perkey.Judge { return new(reversals) }}.Checker()
}

// reversals judges sets of rows.
type reversals struct{ reads int }

func (j *reversals) Judge(o *perkey.Object) []checker.Finding {
	s, unreadable := readSet(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	j.reads += len(s.reads)
	acknowledged := s.inOrderOfAcknowledgement()
	var first read
	count := 0
	for _, r := range s.reads {
		o.Clock.Spend(len(r.has))
		if s.reversed(r, acknowledged) {
			if count++; count == 1 {
				first = r
			}
		}
	}
	if count == 0 {
		return nil
	}
	return []checker.Finding{s.reversal(first, acknowledged, count)}
}

// inOrderOfAcknowledgement are the rows whose writes were acknowledged.
func (s *set) inOrderOfAcknowledgement() []int32 {
	var all []int32
	for e, a := range s.added {
		if a.by != nil {
			all = append(all, int32(e))
		}
	}
	slices.SortFunc(all, func(a, b int32) int { return cmp.Compare(s.added[a].acknowledged, s.added[b].acknowledged) })
	return all
}

// reversed reports whether a read has a row and lacks an earlier one: all that was acknowledged before the last write that it sees
// was invoked has to be there, which is a matter of counting.
func (s *set) reversed(r read, acknowledged []int32) bool {
	last := s.lastRow(r)
	if last < 0 {
		return false
	}
	begun := s.added[last].begun
	due, _ := slices.BinarySearchFunc(acknowledged, begun, func(e, at int32) int { return cmp.Compare(s.added[e].acknowledged, at) })
	for _, e := range r.has {
		if s.added[e].acknowledged < begun {
			due--
		}
	}
	return due > 0
}

// lastRow is the row of a read whose write was invoked last; -1 if nothing wrote any of them.
func (s *set) lastRow(r read) int32 {
	last := int32(-1)
	for _, e := range r.has {
		if a := s.added[e]; a.begun < never && (last < 0 || a.begun > s.added[last].begun) {
			last = e
		}
	}
	return last
}

// reversal is the finding about the first read that is reversed, and how many there are.
func (s *set) reversal(r read, acknowledged []int32, count int) checker.Finding {
	later := s.lastRow(r)
	i := slices.IndexFunc(acknowledged, func(e int32) bool { return !slices.Contains(r.has, e) })
	earlier := acknowledged[i]
	first, then := s.added[earlier].by, s.added[later].first
	return s.Found("reversed", fmt.Sprintf("%s of %s has %s and lacks %s, although %s had returned before %s began%s", perkey.Who(r.Operation), s.The(),
		perkey.Short(s.value(later)), perkey.Short(s.value(earlier)), perkey.Doing(first), perkey.Doing(then), perkey.More(count, "read")), first, then, r.Operation)
}

func (j *reversals) Held() (string, bool) {
	if j.reads == 0 {
		return "no table was read", false
	}
	return wording.Count(j.reads, "read") + " kept the order of the writes", true
}
