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
// isolation has no cycle without two adjacent anti-dependencies (Cerone and Gotsman 2016), and parallel snapshot isolation is PL-2+ (Crooks et al. 2017).
func TestCharacterizations(t *testing.T) {
	byCycles := map[string]level{
		"serializable":                               {accepts: noG2},
		"strong-session-serializable":                {accepts: noG2, precedence: bySession},
		"strict-serializable":                        {accepts: noG2, precedence: byRealTime},
		"snapshot-isolation":                         {accepts: noAdjacent},
		"strong-session-snapshot-isolation":          {accepts: noAdjacent, precedence: bySession},
		"strong-snapshot-isolation":                  {accepts: noAdjacent, precedence: byRealTime},
		"parallel-snapshot-isolation":                {accepts: noGSingle},
		"strong-session-parallel-snapshot-isolation": {accepts: noGSingle, precedence: bySession},
	}
	drawn(t, func(h *History) string {
		for name, l := range byCycles {
			l.repeatable, l.admits = true, anyVersion
			if l.keptBy(h) != (ModelByName(name).Keeps(h) == oracle.Yes) {
				return name
			}
		}
		return ""
	})
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
