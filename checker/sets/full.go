package sets

import (
	"fmt"
	"slices"
	"strings"

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
// element is known once its add has returned or a read that has it, whichever is first. Positions in the history count, not times.
//
//	stable      a read has it, and so has every read that began later than this one
//	lost        a read lacks it that began after it was known, and no read that began later has it; or a final read lacks it
//	            that began after it was known, whatever others have: replicas had time to agree, and nothing else will heal it
//	stale       a read lacks it that began after it was known, and a later one has it; this is invalid only if Linearizable
//	never read  neither stable nor lost: no read began after it was known, or it never was known
//	unexpected  a read has it, and nothing had added it when that read returned, or only adds that failed
//	duplicated  a read has it twice
//
// What is unexpected or duplicated is invalid always. Jepsen's set-full knows neither: it passes over elements that were not added
// yet, and asks for elements that are there less than once. It ignores what is stale for less than a millisecond, and final reads,
// so that a node which never gets an element goes unnoticed if another node is read later.
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
}

func (j *lifelong) Judge(o *perkey.Object) []checker.Finding {
	s, unreadable := readSet(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	h := s.outcomes()
	found := append(h.findings(j.Linearizable), s.impossible(s.reads)...)
	j.stable += h.stable
	j.stale += len(h.stale)
	j.unread += len(h.unread)
	if len(found) == 0 && h.stable == 0 && len(h.unread) > 0 {
		return []checker.Finding{o.Undecided(fmt.Sprintf("no read of %s began after elements of it were acknowledged: %s", s.The(), perkey.Some(s.values(h.unread))), s.added[h.unread[0]].by)}
	}
	return found
}

// outcomes is what became of the elements of a set.
type outcomes struct {
	*set
	known  []int32              // from which position on
	by     []*history.Operation // from which operation it is known; nil if it never is
	all    []sighting           // in all reads
	stable int
	lost   []int32
	stale  []int32 // of those that are stable
	unread []int32 // of those that were acknowledged and are not stable
}

func (s *set) outcomes() *outcomes {
	h := &outcomes{set: s}
	h.known, h.by = s.known()
	h.all = s.sightings(s.reads, h.known)
	final := s.sightings(s.final(), h.known)
	for i, seen := range h.all {
		e := int32(i)
		switch {
		case s.added[e].begun == never:
		case final[e].lacking() > 0 || seen.begun > 0 && s.reads[len(s.reads)-1].Invoked > seen.last:
			h.lost = append(h.lost, e)
		case seen.last >= 0 && s.reads[len(s.reads)-1].Invoked == seen.last:
			if h.stable++; seen.lacking() > 0 {
				h.stale = append(h.stale, e)
			}
		case s.added[e].by != nil:
			h.unread = append(h.unread, e)
		}
	}
	return h
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

// witnesses are the final read that lacks an element, or else the last read, and a read that began later and has it.
func (h *outcomes) witnesses(e int32) (lacking, having *history.Operation) {
	for _, r := range slices.Backward(h.reads) {
		if slices.Contains(r.has, e) {
			having = r.Operation
		} else if lacking = r.Operation; having == nil || h.Final(lacking) {
			break
		}
	}
	return lacking, having
}

// staleFinding shows that the first stale element was.
func (h *outcomes) staleFinding() checker.Finding {
	e := h.stale[0]
	var lacking, having *history.Operation
	for _, r := range slices.Backward(h.reads) {
		if !slices.Contains(r.has, e) {
			lacking = r.Operation
			break
		}
		having = r.Operation
	}
	since := ""
	if d := lacking.Invoke - h.by[e].Return; d > 0 {
		since = wording.Duration(d) + " before"
	}
	return h.Found("stale", strings.TrimSpace(fmt.Sprintf("%s of %s lacks %s, which was known since %s returned %s", perkey.Who(lacking), h.The(),
		perkey.Short(h.value(e)), perkey.Who(h.by[e]), since))+fmt.Sprintf(", and %s after it has it%s", perkey.Who(having), perkey.Others(h.values(h.stale))), h.added[e].first, h.by[e], lacking, having)
}

func (j *lifelong) Held() (string, bool) {
	if j.stable == 0 {
		return "no read had an element that was added", false
	}
	text := wording.Count(j.stable, "element") + " became stable"
	if j.stale > 0 {
		text += fmt.Sprintf("; %s stale before", wording.Were(j.stale))
	}
	if j.unread > 0 {
		text += fmt.Sprintf("; %s never read", wording.Were(j.unread))
	}
	return text, true
}
