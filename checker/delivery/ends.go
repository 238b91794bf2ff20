package delivery

import (
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// ends judges what was read once everything was healed: what is lost, what only some have, and who did not come to the end.
func (f *feed) ends() (broken, unknown []checker.Finding) {
	readers := f.readers()
	f.enders = readers
	if !slices.ContainsFunc(readers, func(r *reader) bool { return r.bound }) {
		unknown = append(unknown, f.undecided("nobody read it near the nodes once everything was healed", nil))
	}
	gone, missing := f.missing(readers)
	if f.delivered == 0 && len(gone) == 0 {
		unknown = append(unknown, f.undecided("nothing was acknowledged that a reader could have got", nil))
	}
	broken = append(broken, f.lost(gone, readers)...)
	lost, doubtful := f.nowhere(readers)
	broken, unknown = append(broken, lost...), append(unknown, doubtful...)
	for i, r := range readers {
		if facts := missing[r]; len(facts) > 0 {
			broken = append(broken, f.lacking(r, facts))
		}
		if why := f.short(r); why != "" && !slices.ContainsFunc(readers[i+1:], r.repeated) {
			unknown = append(unknown, f.undecided(why, r.last))
		}
	}
	return broken, unknown
}

// missing tells facts that no reader near a node has from those that only some lack.
func (f *feed) missing(readers []*reader) (gone []*fact, some map[*reader][]*fact) {
	some = map[*reader][]*fact{}
	for i := range f.facts {
		f.clock.Spend(len(readers))
		g := &f.facts[i]
		if g.aborted() { // it should not have been read: see sound
			continue
		}
		var lacking []*reader
		had, certain := false, false
		for _, r := range readers {
			switch {
			case !r.lacks(g):
				had = had || r.bound && r.covers(g)
			case r.certain(g, f.settled):
				certain = certain || r.bound
				lacking = append(lacking, r)
			}
		}
		if had && g.promised() {
			f.delivered++
		}
		if g.gone = certain && !had; g.gone {
			gone = append(gone, g)
			continue
		}
		for _, r := range lacking {
			some[r] = append(some[r], g)
		}
	}
	return gone, some
}

// lost are the findings about facts that no node has any more: those that were acknowledged, and those that were only read.
func (f *feed) lost(gone []*fact, readers []*reader) []checker.Finding {
	var acknowledged, read []*fact
	for _, g := range gone {
		if g.acknowledged() {
			acknowledged = append(acknowledged, g)
		} else {
			read = append(read, g)
		}
	}
	var all []checker.Finding
	tell := func(anomaly, which string, facts []*fact) {
		if len(facts) > 0 {
			sentence := fmt.Sprintf("%s %s on no node in the end: %s", which, areOrIs(len(facts)), f.span(facts))
			first, last := facts[0], facts[len(facts)-1]
			all = append(all, found("durable", anomaly+" "+f.words.entry, f.name, sentence, first.source(), last.source(), lacker(readers, first)))
		}
	}
	tell("lost", fmt.Sprintf("%s of %s", wording.Grouped(len(acknowledged)), wording.Count(f.acknowledged(), "acknowledged "+f.words.entry)), acknowledged)
	tell("vanished", wording.Count(len(read), f.words.entry)+" that clients had read", read)
	return all
}

// nowhere are the findings about writes that were acknowledged without a position, and that nobody has read. They are lost if every reader
// near a node has read all there ever was, and has waited long enough for them.
func (f *feed) nowhere(readers []*reader) (lost, unknown []checker.Finding) {
	missing := slices.DeleteFunc(slices.Clone(f.writes), func(w *write) bool { return !w.acknowledged() || len(w.at) > 0 })
	near := slices.DeleteFunc(slices.Clone(readers), func(r *reader) bool { return !r.bound })
	if len(missing) == 0 || len(near) == 0 { // without readers nothing is known: see ends
		return nil, nil
	}
	w := missing[0]
	sentence := fmt.Sprintf("%s of %s %s on no node in the end: the first is %s", wording.Grouped(len(missing)),
		wording.Count(f.acknowledged(), "acknowledged "+f.words.entry), areOrIs(len(missing)), what(w.entries[0]))
	for _, r := range near {
		switch {
		case r.from > f.first:
			return nil, []checker.Finding{f.undecided(fmt.Sprintf("%s, and what is before %s was not read", sentence, f.at(r.from)), r.last)}
		case r.gap != "" || r.idle == nil || r.idle.Return-f.settled < patience:
			return nil, []checker.Finding{f.undecided(sentence+", and the end was not waited for", r.last)}
		}
	}
	return []checker.Finding{found("durable", "lost "+f.words.entry, f.name, sentence, w.op)}, nil
}

func areOrIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// lacker is the last reading of the first reader near a node that lacks a fact.
func lacker(readers []*reader, g *fact) *history.Operation {
	for _, r := range readers {
		if r.bound && r.lacks(g) {
			return r.last
		}
	}
	return nil
}

// lacking is the finding about facts that a reader lacks and a node has.
func (f *feed) lacking(r *reader, facts []*fact) checker.Finding {
	rule, anomaly := "agreed", "diverged"
	if !r.bound {
		rule, anomaly = "reliable", "missed "+f.words.entry
	}
	sentence := fmt.Sprintf("in the end %s lacks %s that others have: %s", r.label, wording.Count(len(facts), f.words.entry), f.span(facts))
	return found(rule, anomaly, f.name, sentence, facts[0].source(), facts[len(facts)-1].source(), r.last)
}

// span names facts: the only one, or the first and the last by position and between which times they were told.
func (f *feed) span(facts []*fact) string {
	name := func(g *fact) string { return fmt.Sprintf("%s at %s", what(g.entry), f.at(g.at)) }
	first, last := facts[0], facts[len(facts)-1]
	if len(facts) == 1 {
		return name(first) + ", " + first.told()
	}
	begin, end := first.source().Return, first.source().Return
	for _, g := range facts {
		begin, end = min(begin, g.source().Return), max(end, g.source().Return)
	}
	return fmt.Sprintf("%s to %s, %s between %s and %s", name(first), name(last), told(facts), moment(begin), moment(end))
}

// told says how facts are known.
func told(facts []*fact) string {
	switch i := slices.IndexFunc(facts, func(g *fact) bool { return g.acknowledged() != facts[0].acknowledged() }); {
	case i >= 0:
		return "acknowledged or read"
	case facts[0].acknowledged():
		return "acknowledged"
	default:
		return "read"
	}
}

// short says why it is not known whether a reader has all; empty if it came to the end.
func (f *feed) short(r *reader) string {
	beyond := 0
	for i := range f.clock.UpTo(len(f.facts)) {
		if g := &f.facts[i]; !g.gone && !g.aborted() && g.at >= r.next && r.lacks(g) && !r.certain(g, f.settled) {
			beyond++
		}
	}
	switch {
	case r.reason != "":
		return fmt.Sprintf("%s %s", r.label, r.reason)
	case r.gap != "":
		return fmt.Sprintf("%s %s", r.label, r.gap)
	case r.from > f.first && !r.compacted:
		return fmt.Sprintf("%s was asked from %s on only", r.label, f.at(r.from))
	case r.idle == nil:
		return fmt.Sprintf("%s was not asked for what comes after %s", r.label, f.at(r.next-1))
	case beyond > 0:
		return fmt.Sprintf("%s had not told of %s from %s on, and was asked for %s only", r.label, wording.Count(beyond, f.words.entry), f.at(r.next),
			wording.Duration(r.idle.Return-f.settled))
	default:
		return ""
	}
}

// undecided is the finding that something is not known.
func (f *feed) undecided(why string, shown *history.Operation) checker.Finding {
	subject := strings.TrimSpace("the end of " + f.name)
	if f.name == "" {
		subject = "what there is in the end"
	}
	u := found("durable", "", f.name, subject+" is not known: "+why, shown)
	u.Validity = checker.Unknown
	return u
}
