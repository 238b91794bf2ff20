package models

import (
	"fmt"
	"slices"
	"strings"
)

// Anomaly is a pattern in a history that some levels of isolation forbid.
type Anomaly struct {
	Name   string // Adya's, or Elle's where Adya has none: G1c, G-single-item, lost-update
	Called string // what textbooks call it: "write skew"; empty if nothing
	Doc    string // what it is, in a line
	// Implies names the anomalies that it is a case of.
	Implies []string
}

// Level says which order, beyond that of the data, a cycle of transactions rests on.
type Level uint8

const (
	Data     Level = iota // none: what transactions read and wrote is enough
	Process               // the order of each session
	Realtime              // what returned before another was invoked
)

// Suffix is what the name of an anomaly of the level ends with.
func (l Level) Suffix() string { return [...]string{"", "-process", "-realtime"}[l] }

// cycles are the anomalies that come in three forms, one for each Level.
var cycles = []Anomaly{
	{"G0", "dirty write", "transactions overwrite each other's writes in a circle", []string{"G1c"}},
	{"G1c", "circular information flow", "transactions read from or overwrite each other in a circle", nil},
	{"G-single-item", "read skew", "a transaction sees some of another's effects and misses others",
		[]string{"G-single", "G-nonadjacent-item"}},
	{"G-single", "read skew by a predicate", "a transaction sees some of another's effects, and what a predicate finds misses others",
		[]string{"G-nonadjacent"}},
	{"G-nonadjacent-item", "", "a circle in which no two misses follow each other",
		[]string{"G-nonadjacent", "G2-item"}},
	{"G-nonadjacent", "", "a circle in which no two misses follow each other, one of them by a predicate", []string{"G2"}},
	{"G2-item", "write skew", "transactions miss each other's writes in a circle", []string{"G2"}},
	{"G2", "write skew by a predicate", "transactions miss each other's writes in a circle, one of them by a predicate", nil},
	{"cyclic-versions", "", "the versions of a key come before each other in a circle", nil},
}

// others are the anomalies that have one form.
var others = []Anomaly{
	{"G1a", "aborted read", "a transaction read what another wrote that was aborted", nil},
	{"G1b", "intermediate read", "a transaction read what another overwrote later", nil},
	{"dirty-update", "dirty update", "what was aborted is part of what was committed later", []string{"G1a"}},
	{"incompatible-order", "", "two reads of a list have its elements in different orders", []string{"G1a"}},
	{"internal", "", "a transaction does not read what it wrote or read before", nil},
	{"future-read", "", "a transaction reads what it writes only later", []string{"G1c"}},
	{"reordered-appends", "", "a list has the appends of a transaction in another order than it made them", []string{"internal"}},
	{"lost-update", "lost update", "two transactions read the same version, and both replaced it", []string{"G-single-item"}},
	{"long-fork", "long fork", "two transactions saw two writes, each one without the other", []string{"G-nonadjacent-item"}},
	{"G-update", "", "a circle with misses, of which all transactions but one write", []string{"G2"}},
	{"fractured-read", "fractured read", "a transaction sees some of another's writes and older versions of the rest", nil},
	{"non-causal-read", "causality violation", "a transaction reads a version that is older than what it depends on", nil},
}

// anomalies are all there are, by name.
var anomalies = index()

func index() map[string]Anomaly {
	byName := map[string]Anomaly{}
	for _, a := range others {
		byName[a.Name] = a
	}
	for _, a := range cycles {
		for level := Data; level <= Realtime; level++ {
			form := a.at(level)
			byName[form.Name] = form
		}
	}
	return byName
}

// at is the form of a level. What breaks the data alone breaks it within any order, and a session does one thing after the other, so that
// its order is one of real time too.
func (a Anomaly) at(level Level) Anomaly {
	form := a
	form.Name, form.Called, form.Implies = a.Name+level.Suffix(), a.called(level), nil
	for _, weaker := range a.Implies {
		form.Implies = append(form.Implies, weaker+level.Suffix())
	}
	if a.Name == "cyclic-versions" {
		form.Implies = append(form.Implies, contraryVersion(level))
	}
	if level < Realtime {
		form.Implies = append(form.Implies, a.Name+(level+1).Suffix())
	}
	return form
}

// called is what textbooks call the form of a level.
func (a Anomaly) called(level Level) string {
	if a.Called == "" {
		return ""
	}
	return a.Called + [...]string{"", " within sessions", " in real time"}[level]
}

// contraryVersion is what a circle of versions comes to. In whatever order they really came, one of them came before one that it was
// inferred to follow. Where a transaction read the one and wrote the other, information flowed in a circle. Where the order is
// that of two transactions, the second one read or wrote what the first one had already seen replaced.
func contraryVersion(level Level) string {
	if level == Data {
		return "G1c"
	}
	return "G-single-item" + level.Suffix()
}

// AnomalyByName finds an anomaly.
func AnomalyByName(name string) (Anomaly, error) {
	a, ok := anomalies[name]
	if !ok {
		return a, fmt.Errorf("unknown anomaly %q", name)
	}
	return a, nil
}

// Anomalies are the names of all anomalies, sorted.
func Anomalies() []string {
	var names []string
	for name := range anomalies {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// implied are the anomalies and all that they are cases of, each with the one that led to it; those that were given lead to themselves.
func implied(given []string) map[string]string {
	from := map[string]string{}
	var next []string
	for _, name := range given {
		if _, ok := from[name]; !ok {
			from[name] = name
			next = append(next, name)
		}
	}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		for _, weaker := range anomalies[name].Implies {
			if _, ok := from[weaker]; !ok {
				from[weaker] = name
				next = append(next, weaker)
			}
		}
	}
	return from
}

// Covers reports whether one anomaly is a case of another, or the same.
func Covers(anomaly, other string) bool {
	_, ok := implied([]string{anomaly})[other]
	return ok
}

// LevelOf is the level of an anomaly's form.
func LevelOf(anomaly string) Level {
	for level := Realtime; level > Data; level-- {
		if strings.HasSuffix(anomaly, level.Suffix()) {
			return level
		}
	}
	return Data
}
