package models

import (
	"fmt"
	"slices"
	"strings"
)

// Refuted are the models that a history with these anomalies does not keep.
func Refuted(anomalies ...string) Set {
	var s Set
	for _, name := range anomalies {
		s |= refutedBy[name]
	}
	return s
}

// refutedBy has what each anomaly refutes.
var refutedBy = refutations()

func refutations() map[string]Set {
	refuted := make(map[string]Set, len(anomalies))
	for name := range anomalies {
		found := implied([]string{name})
		var direct Set
		for i, m := range all {
			if slices.ContainsFunc(m.Proscribes, func(a string) bool { _, ok := found[a]; return ok }) {
				direct |= 1 << i
			}
		}
		refuted[name] = Stronger(direct)
	}
	return refuted
}

// Stronger are the models of the set and all that imply one of them: they are refuted with it.
func Stronger(s Set) Set { return s.closed(stronger) }

// Strongest are the strongest models that are not in the set: what a history may still keep that refutes these. Those that no anomaly
// refutes by itself are not named, as nothing speaks for them either.
func Strongest(refuted Set) []string { return (testable &^ refuted).Strongest().Names() }

// testable are the models that proscribe something beyond what weaker ones do.
var testable = proscribing()

func proscribing() Set {
	var s Set
	for i, m := range all {
		if len(m.Proscribes) > 0 {
			s |= 1 << i
		}
	}
	return s
}

// Weakest are the weakest models in the set: refuting these refutes all of it.
func Weakest(refuted Set) []string { return refuted.Weakest().Names() }

// Forbidden are the anomalies that refute one of the models, sorted.
func Forbidden(s Set) []string {
	return slices.DeleteFunc(Anomalies(), func(name string) bool { return Refuted(name)&s == 0 })
}

// Wanted is the highest level of a cycle that refutes one of the models: which orders have to be looked at to judge them.
func Wanted(s Set) Level {
	for level := Realtime; level > Data; level-- {
		if ofCycles[level]&s != 0 {
			return level
		}
	}
	return Data
}

// Beyond are the models that are about orders beyond a level: cycles up to it are not all that refutes them.
func Beyond(level Level) Set {
	var s Set
	for higher := level + 1; higher <= Realtime; higher++ {
		s |= ofCycles[higher]
	}
	return s
}

// ofCycles has for each level the models that its cycles refute.
var ofCycles = refutedByCycles()

func refutedByCycles() (refuted [Realtime + 1]Set) {
	for level := range refuted {
		for _, a := range cycles {
			refuted[level] |= Refuted(a.Name + Level(level).Suffix())
		}
	}
	return refuted
}

// Why says by which rule an anomaly refutes a model; empty if it does not.
func Why(anomaly, model string) string {
	from := implied([]string{anomaly})
	for _, m := range nearestFirst(model) {
		for _, proscribed := range m.Proscribes {
			if _, ok := from[proscribed]; !ok {
				continue
			}
			text := called(anomaly)
			if proscribed != anomaly {
				text += " is a case of " + proscribed + ", which " + m.Name + " forbids"
			} else {
				text += ", which " + m.Name + " forbids"
			}
			text += " (" + m.Source + ")"
			if target := all[must(model)]; target.Name != m.Name {
				text += fmt.Sprintf("; %s implies %s", target.Name, m.Name)
			}
			return text
		}
	}
	return ""
}

// nearestFirst are a model and those that it implies, in order of the steps that lead to them.
func nearestFirst(model string) []Model {
	list := []Model{all[must(model)]}
	for i := 0; i < len(list); i++ {
		for _, name := range list[i].Implies {
			if next := all[must(name)]; !slices.ContainsFunc(list, func(m Model) bool { return m.Name == next.Name }) {
				list = append(list, next)
			}
		}
	}
	return list
}

// called is the name of an anomaly with that of textbooks.
func called(anomaly string) string {
	a := anomalies[anomaly]
	if a.Called == "" || strings.EqualFold(strings.ReplaceAll(a.Called, " ", "-"), a.Name) {
		return anomaly
	}
	return fmt.Sprintf("%s (%s)", anomaly, a.Called)
}
