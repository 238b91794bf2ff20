package sets

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// Options say what a set promises.
type Options struct {
	// Linearizable says that a read must have what was known when it began. Without it reads may be stale, as long as a later one
	// is not.
	Linearizable bool
}

// Full asks what became of every element of a set, as Jepsen's set-full does; Maelstrom's broadcast and g-set are such sets. An
// element is known once its add has returned, or a read that has it, whichever is first. Reads are in the order in which they
// began. The positions of events in the history say what came before what, and not their times.
//
//	stable      a read has it, and so have all later ones
//	lost        a read lacks it that began after it was known, and so do all later ones; or a final read lacks it, whatever later
//	            ones have, although it was known before the last phase began and replicas had time to agree
//	stale       it is stable, and an earlier read lacks it that began after it was known; this is invalid only if Linearizable
//	never-read  it is neither stable nor lost: no read began after it was known, or it never was known; this is not invalid
//	unexpected  a read has it, and nothing had added it when that read returned, or only adds that failed
//	duplicated  a read has it twice
//
// Jepsen's set-full says nothing of what is unexpected, and its search for duplicates finds none, as it looks for what is there less
// than once. It passes over what is stale for less than a millisecond. It does not know final reads, so a node that
// never gets an element goes unnoticed if another one is read later.
//
// Of an element that nothing had added it is only told that it is unexpected, and of a lost one not that it was stale before. If
// elements of a set were acknowledged and none is stable the answer is unknown, as it is if no element of any set is stable.
func Full(o Options) checker.Checker {
	return perkey.Kind{Part: FullPart, Noun: "set", Functions: adding, Begin: func() perkey.Judge { return &lifelong{Options: o} }}.Checker()
}

// lifelong judges sets by all their reads.
type lifelong struct {
	Options
	stable, stale, unread int
	longest               time.Duration // that an element was stale
}

func (j *lifelong) Judge(o *perkey.Object) []checker.Finding {
	s, unreadable := readSet(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	h := s.outcomes()
	j.stable += h.stable
	j.stale += len(h.stale)
	j.unread += len(h.unread)
	for _, e := range h.stale {
		j.longest = max(j.longest, h.staleness(e))
	}
	found := append(h.findings(j.Linearizable), s.impossible(s.reads)...)
	if len(found) == 0 && h.stable == 0 && len(h.unread) > 0 {
		return []checker.Finding{o.Undecided(fmt.Sprintf("no read of %s began after elements of it were acknowledged: %s", s.The(), perkey.Some(s.values(h.unread))), s.added[h.unread[0]].by)}
	}
	return found
}

// outcomes is what became of the elements of a set.
type outcomes struct {
	*set
	by     []*history.Operation // the operation by which an element is known; nil if it is not
	missed []int32              // the place of the last read that lacks it, or of a final one if it is lost for that reason
	stable int
	lost   []int32
	stale  []int32 // of those that are stable
	unread []int32 // of those that were acknowledged and are not stable
}

func (s *set) outcomes() *outcomes {
	known, by := s.known()
	h := &outcomes{set: s, by: by, missed: s.missed(s.reads)}
	final, phase, _ := s.final()
	missed := s.missed(final)
	last := int32(len(s.reads) - 1)
	lacked := func(place int32, e int) bool { return place >= 0 && s.reads[place].Invoked > known[e] }
	for e, a := range s.added {
		switch {
		case a.begun == never:
		case missed[e] >= 0 && known[e] < phase:
			h.missed[e] = s.place(final[missed[e]])
			h.lost = append(h.lost, int32(e))
		case h.missed[e] == last && lacked(last, e):
			h.lost = append(h.lost, int32(e))
		case h.missed[e] < last:
			if h.stable++; lacked(h.missed[e], e) {
				h.stale = append(h.stale, int32(e))
			}
		case a.by != nil:
			h.unread = append(h.unread, int32(e))
		}
	}
	return h
}

// place is where a read is among all.
func (s *set) place(r read) int32 {
	i, _ := slices.BinarySearchFunc(s.reads, r.Invoked, func(r read, at int32) int { return cmp.Compare(r.Invoked, at) })
	return int32(i)
}

// staleness is how long an element was known when the last read began that lacks it.
func (h *outcomes) staleness(e int32) time.Duration {
	return h.reads[h.missed[e]].Invoke - h.by[e].Return
}

func (h *outcomes) findings(linearizable bool) []checker.Finding {
	var found []checker.Finding
	if len(h.lost) > 0 {
		found = append(found, h.lostFinding())
	}
	if linearizable && len(h.stale) > 0 {
		found = append(found, h.staleFinding())
	}
	return found
}

// lostFinding shows that the first lost element is.
func (h *outcomes) lostFinding() checker.Finding {
	e := h.lost[0]
	lacking, having := h.witnesses(e)
	when, after := "", "and no later read has it"
	if having != nil {
		when, after = " in the end", fmt.Sprintf("though %s after it has it", perkey.Who(having))
	}
	return h.Found("lost", fmt.Sprintf("%s lost %s: %s; %s%s lacks %s, which was known since %s returned, %s", h.The(), wording.Count(len(h.lost), "element"),
		perkey.Some(h.values(h.lost)), perkey.Who(lacking), when, perkey.Short(h.value(e)), perkey.Who(h.by[e]), after), h.added[e].first, h.by[e], lacking, having)
}

// witnesses are the last read that lacks an element, or the final one by which it is lost, and a later one that has it, if there is one.
func (h *outcomes) witnesses(e int32) (lacking, having *history.Operation) {
	at := h.missed[e]
	for _, r := range h.reads[at+1:] {
		if slices.Contains(r.has, e) {
			return h.reads[at].Operation, r.Operation
		}
	}
	return h.reads[at].Operation, nil
}

// staleFinding shows that the element was stale that was so for the longest time.
func (h *outcomes) staleFinding() checker.Finding {
	e := slices.MaxFunc(h.stale, func(a, b int32) int { return cmp.Compare(h.staleness(a), h.staleness(b)) })
	lacking, having := h.witnesses(e)
	since, more, phase := perkey.Who(h.by[e])+" returned", "", h.phaseOf(lacking)
	if d := h.staleness(e); d > 0 {
		since += fmt.Sprintf(" %s before", wording.Duration(d))
	}
	if phase != nil {
		more = fmt.Sprintf("; it is not lost, as %s had begun the last phase before it was known", perkey.Who(phase))
	}
	if n := len(h.stale); n > 1 {
		more += fmt.Sprintf("; %s stale too", wording.Were(n-1))
	}
	f := h.Found("stale", fmt.Sprintf("%s of %s lacks %s, which was known since %s, and %s after it has it%s", perkey.Who(lacking), h.The(), perkey.Short(h.value(e)),
		since, perkey.Who(having), more), h.added[e].first, phase, h.by[e], lacking, having)
	if len(h.lost) == 0 {
		f.Hint = "what a read lacks is in a later one, so this is right if reads may be stale"
	}
	return f
}

// phaseOf is the operation with which the last phase began, if a read is of that phase: without it the element that the read lacks would
// be known before the phase, and lost.
func (h *outcomes) phaseOf(r *history.Operation) *history.Operation {
	if !h.Final(r) {
		return nil
	}
	return h.FirstFinal()
}

func (j *lifelong) Held() (string, bool) {
	if j.stable == 0 {
		return "no read had an element that was added", false
	}
	text := wording.Count(j.stable, "element") + " became stable"
	if j.stale > 0 {
		text += fmt.Sprintf("; %s stale before", wording.Were(j.stale))
	}
	if j.longest > 0 {
		text += fmt.Sprintf(", for up to %s", wording.Duration(j.longest))
	}
	if j.unread > 0 {
		text += fmt.Sprintf("; %s never read", wording.Were(j.unread))
	}
	return text, true
}
