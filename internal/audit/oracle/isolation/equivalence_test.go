package isolation

import (
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"faultline/internal/audit/generate/transactions"
	"faultline/internal/audit/oracle"
)

var histories = flag.Int("histories", 600, "how many histories are drawn")

// drawn hands out random histories of transactions that are not malformed.
func drawn(t *testing.T, judge func(h *History) (wrong string)) {
	for i := range *histories {
		events := transactions.History(rand.New(rand.NewPCG(1, uint64(i))), transactions.Options{Lists: i%2 == 0, Transactions: 4})
		h := Parse(events)
		if h.Malformed() != (Malformed{}) {
			continue
		}
		if wrong := judge(&h); wrong != "" {
			var lines []string
			for _, e := range events {
				lines = append(lines, strings.Join([]string{string(rune('0' + e.Process)), e.Type.String(), e.Value.String()}, " "))
			}
			t.Fatalf("history %d: %s\n%s", i, wrong, strings.Join(lines, "\n"))
		}
	}
}

// What keeps a level keeps those that it implies.
func TestImplications(t *testing.T) {
	drawn(t, func(h *History) string {
		keeps := map[string]oracle.Answer{}
		for _, m := range Models() {
			keeps[m.Name] = m.Keeps(h)
		}
		for _, m := range Models() {
			for _, weaker := range m.Implies {
				if keeps[m.Name] == oracle.Yes && keeps[weaker] != oracle.Yes || keeps[weaker] == oracle.No && keeps[m.Name] == oracle.Open {
					return m.Name + " is kept, and " + weaker + " is not"
				}
			}
		}
		return ""
	})
}

// Levels that are defined by states or by visibility have characterizations by cycles: serializability is PL-3 (Adya 1999), snapshot
// isolation has no cycle without two adjacent anti-dependencies (Cerone and Gotsman 2016), parallel snapshot isolation is PL-2+ (Crooks et al.
// 2017), and prefix consistency has no cycle in which each anti-dependency follows a read (Cerone, Gotsman and Yang 2017). Where an order of
// versions is given, the levels without conflicts of writes have characterizations of the same kind.
func TestCharacterizations(t *testing.T) {
	byCycles := map[string]level{
		"serializable":                               {accepts: noG2},
		"strong-session-serializable":                {accepts: noG2, precedence: bySession},
		"strict-serializable":                        {accepts: noG2, precedence: byRealTime},
		"snapshot-isolation":                         {accepts: noAdjacent},
		"strong-session-snapshot-isolation":          {accepts: noAdjacent, precedence: bySession},
		"strong-snapshot-isolation":                  {accepts: noAdjacent, precedence: byRealTime},
		"read-atomic":                                {accepts: noFracture(false)},
		"strong-session-read-atomic":                 {accepts: noFracture(false), precedence: bySession},
		"update-atomic":                              {accepts: noFracture(true)},
		"causal-cerone":                              {accepts: noOldRead},
		"causal":                                     {accepts: noOldRead, precedence: bySession},
		"prefix":                                     {accepts: noAntiBehindWrites},
		"strong-session-prefix":                      {accepts: noAntiBehindWrites, precedence: bySession},
		"parallel-snapshot-isolation":                {accepts: noGSingle},
		"strong-session-parallel-snapshot-isolation": {accepts: noGSingle, precedence: bySession},
	}
	drawn(t, func(h *History) string {
		for name, l := range byCycles {
			l.repeatable, l.admits = true, anyVersion
			if answer := ModelByName(name).Keeps(h); answer != oracle.Open && l.keptBy(h) != (answer == oracle.Yes) {
				return name
			}
		}
		return ""
	})
}

// noFracture: nobody misses what a transaction wrote that it reads from or, if two writers of a key see each other, whose write it
// replaces.
func noFracture(conflicts bool) func(e *execution) bool {
	return func(e *execution) bool {
		g := e.dependencies(true)
		return !e.misses(func(a, other int) bool {
			return g[wr][other].has(a) || g[inSession][other].has(a) || conflicts && e.replaces(a, other)
		})
	}
}

func (e *execution) replaces(a, other int) bool {
	return e.position[other] < e.position[a] && slices.ContainsFunc(e.h.Transactions[a].Steps, func(s Step) bool {
		return s.Kind != Read && e.h.Transactions[other].writes(s.Key)
	})
}

// noOldRead: nobody misses what is causally before it.
func noOldRead(e *execution) bool {
	g := e.dependencies(true)
	return !e.misses(func(a, other int) bool { return g.reaches(other, a, all, wr, inSession) })
}

// misses reports whether somebody read a version older than that of a transaction that it sees.
func (e *execution) misses(sees func(a, other int) bool) bool {
	for _, a := range e.order {
		var seen set
		for _, other := range e.order {
			if other != a && sees(a, other) {
				seen = seen.with(other)
			}
		}
		if slices.ContainsFunc(e.reads[a], func(r read) bool { return e.overwritten(r, seen) }) {
			return true
		}
	}
	return false
}

// noAntiBehindWrites: there is no cycle but with an anti-dependency that follows a write dependency, or another one.
func noAntiBehindWrites(e *execution) bool {
	g := e.dependencies(true)
	return g.acyclic([]relation{wr, inSession}, []relation{ww})
}

// Where reads show the order of a list, a level is kept if there is none of the anomalies that it proscribes.
func TestAnomaliesOfLevels(t *testing.T) {
	g1 := []string{"G0", "G1a", "G1b", "G1c"}
	proscribed := map[string][]string{
		"read-uncommitted":   {"G0"},
		"read-committed":     g1,
		"consistent-view":    append(slices.Clip(g1), "G-single"),
		"snapshot-isolation": append(slices.Clip(g1), "G-single", "G-nonadjacent", "internal"),
		"serializable":       append(slices.Clip(g1), "G2", "internal"),
	}
	forms := map[string][]string{
		"strong-session-read-uncommitted":   {"-process"},
		"strong-session-read-committed":     {"-process"},
		"strong-session-snapshot-isolation": {"-process"},
		"strong-session-serializable":       {"-process"},
		"strong-read-committed":             {"-process", "-realtime"},
		"strong-snapshot-isolation":         {"-process", "-realtime"},
		"strict-serializable":               {"-process", "-realtime"},
	}
	for name, suffixes := range forms {
		base := strings.NewReplacer("strong-session-", "", "strong-", "", "strict-", "").Replace(name)
		for _, anomaly := range proscribed[base] {
			proscribed[name] = append(proscribed[name], anomaly)
			for _, suffix := range suffixes {
				proscribed[name] = append(proscribed[name], anomaly+suffix)
			}
		}
	}
	drawn(t, func(h *History) string {
		if !h.Determined() || h.mixed() {
			return ""
		}
		found := h.Anomalies()
		for name, anomalies := range proscribed {
			if strings.HasSuffix(name, "read-uncommitted") && h.unknown() {
				continue // whoever was read may have aborted, and then takes no part in a G0
			}
			some := slices.ContainsFunc(anomalies, func(a string) bool { return found[a] })
			if some != (ModelByName(name).Keeps(h) == oracle.No) {
				return name
			}
		}
		return ""
	})
}

// unknown reports whether some outcome is.
func (h *History) unknown() bool {
	return slices.ContainsFunc(h.Transactions, func(t Transaction) bool { return t.Outcome == oracle.Info })
}
