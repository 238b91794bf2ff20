package graph

import "faultline/checker/txn/models"

// Class is a kind of cycle: an anomaly at a level.
type Class struct {
	Base  Base
	Level models.Level
}

// Anomaly is its name, as package models has it.
func (c Class) Anomaly() string { return baseNames[c.Base] + c.Level.Suffix() }

// Classes are all classes up to a level, what is worse first.
func Classes(level models.Level) []Class {
	var all []Class
	for l := models.Data; l <= level; l++ {
		for b := range bases {
			if b != LongFork || l == models.Data {
				all = append(all, Class{b, l})
			}
		}
	}
	return all
}

// Base says what edges a cycle has, apart from those of process and real time. Every cycle is of one base, except that a long fork is
// G-nonadjacent-item too. The names and their meanings are those of Adya (Weak Consistency, 1999) and Elle:
//
//	G0                   ww only
//	G1c                  ww and wr, at least one wr
//	G-single-item        ww, wr and exactly one rw
//	G-single             ww, wr and exactly one rw by predicate
//	G-nonadjacent-item   ww, wr and at least two rw, of which no two follow each other
//	G-nonadjacent        the same, where at least one rw is by predicate
//	G2-item              ww, wr and rw, of which two follow each other
//	G2                   the same, where at least one rw is by predicate
//	long-fork            wr, rw, wr, rw
//
// In cycles at the level of processes or of real time at least one edge is of that kind.
type Base uint8

const (
	G0 Base = iota
	G1c
	GSingleItem
	GSingle
	LongFork
	GNonadjacentItem
	GNonadjacent
	G2Item
	G2
	bases
)

var baseNames = [bases]string{"G0", "G1c", "G-single-item", "G-single", "long-fork", "G-nonadjacent-item", "G-nonadjacent", "G2-item", "G2"}

func (b Base) String() string { return baseNames[b] }

// dataKinds are the kinds of edges of the data that cycles of a base may have.
var dataKinds = [bases]Kinds{
	G0: KindsOf(WW), G1c: KindsOf(WW, WR),
	GSingleItem: KindsOf(WW, WR, RW), GNonadjacentItem: KindsOf(WW, WR, RW), G2Item: KindsOf(WW, WR, RW), LongFork: KindsOf(WW, WR, RW),
	GSingle: KindsOf(WW, WR, RW, RWPredicate), GNonadjacent: KindsOf(WW, WR, RW, RWPredicate), G2: KindsOf(WW, WR, RW, RWPredicate),
}

// Kinds are the kinds of edges that cycles of the class may have. What follows in a process follows in real time, so cycles at the level of
// real time need no edges of processes.
func (c Class) Kinds() Kinds { return dataKinds[c.Base] | levelKinds(c.Level) }

// allData are all kinds of edges that what was read and written makes.
var allData = KindsOf(WW, WR, RW, RWPredicate)

// outgoing are all kinds that the arcs of a relation may have. Those of sessions follow from Input.Process, unless the relation has them itself.
var outgoing = allData | KindsOf(Process)

func levelKinds(level models.Level) Kinds {
	switch level {
	case models.Process:
		return KindsOf(Process)
	case models.Realtime:
		return KindsOf(Realtime)
	default:
		return 0
	}
}

// needs are sets of kinds of which a cycle of the class has at least one edge each. It may have to meet more than that.
func (c Class) needs() []Kinds {
	var needs []Kinds
	switch c.Base {
	case G0:
	case G1c:
		needs = append(needs, KindsOf(WR))
	case GSingle, GNonadjacent, G2:
		needs = append(needs, KindsOf(RWPredicate))
	case LongFork:
		needs = append(needs, KindsOf(WR), KindsOf(RW))
	default:
		needs = append(needs, KindsOf(RW))
	}
	if c.Level != models.Data {
		needs = append(needs, levelKinds(c.Level))
	}
	return needs
}

// shortest is the least number of edges of a cycle of the class.
func (c Class) shortest() int {
	switch {
	case c.Base == LongFork || c.Base == GNonadjacentItem || c.Base == GNonadjacent:
		return 4
	case (c.Base == G2Item || c.Base == G2) && c.Level != models.Data:
		return 3
	default:
		return 2
	}
}
