package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker/ladder"
	"faultline/history/stats"
	"faultline/internal/wording"
)

// shortModels are the models as heads of columns.
var shortModels = map[string]string{
	ladder.Linearizable: "lin", ladder.Sequential: "seq", ladder.CausalMemory: "CM", ladder.CausalConvergence: "CCv", ladder.Causal: "CC",
	ladder.PRAM: "PRAM", ladder.WritesFollowReads: "WFR", ladder.MonotonicReads: "MR", ladder.ReadYourWrites: "RYW",
	ladder.BoundedStaleness: "bound", ladder.ConsistentPrefix: "prefix", ladder.MonotonicWrites: "MW", ladder.Eventual: "event",
}

// tables are the tables of a comparison, for all that shows them.
func (t *ComparisonTable) tables(models []string) []*table {
	all := []*table{t.kept(), t.breaking(), t.refuted(models), t.reads(), t.served(), t.latencies("read", isRead), t.latencies("update", isUpdate), t.costs()}
	return slices.DeleteFunc(all, func(g *table) bool { return len(g.Rows) == 0 })
}

// noun is what people call a row.
func (t *ComparisonTable) noun() string { return cmp.Or(t.Noun, "level") }

func isRead(f string) bool   { return f == "read" }
func isUpdate(f string) bool { return f != "read" }

var operationClasses = []struct {
	name string
	has  func(f string) bool
}{{"reads", isRead}, {"updates", isUpdate}}

// kept says what was claimed and what is left of it.
func (t *ComparisonTable) kept() *table {
	g := &table{Title: "What was kept", Head: []string{t.noun(), "is meant to be", "strongest model not refuted"}, Left: map[int]bool{1: true, 2: true},
		Note: "not refuted is not proved: other seeds and faults may refute more"}
	for i := range t.Rows {
		r := &t.Rows[i]
		var names []string
		for _, model := range r.Strongest {
			name := model
			if a := r.Answer(model); a.Unknown > 0 {
				name += fmt.Sprintf(" (%d unknown)", a.Unknown)
			}
			names = append(names, name)
		}
		g.Rows = append(g.Rows, []string{r.Setup, r.Claims, strings.Join(names, ", ")})
	}
	return g
}

// breaking says what breaks the claims that something breaks.
func (t *ComparisonTable) breaking() *table {
	g := &table{Title: "What breaks that", Head: []string{t.noun(), "is not what it is meant to be if"}, Left: map[int]bool{1: true}}
	for _, r := range t.Rows {
		if r.Unless != "" {
			g.Rows = append(g.Rows, []string{r.Setup, r.Unless})
		}
	}
	return g
}

// refuted says how many runs refuted each model, and the first seed.
func (t *ComparisonTable) refuted(models []string) *table {
	g := &table{Title: "Runs that refuted each model, and the first seed", Head: []string{t.noun(), "runs"}}
	var legend []string
	for _, m := range models {
		g.Head = append(g.Head, shortModels[m])
		legend = append(legend, shortModels[m]+" "+m)
	}
	g.Note = "4@2: four runs, the first of seed 2; ?n: n unknown. " + strings.Join(legend, ", ")
	for i := range t.Rows {
		r := &t.Rows[i]
		cells := []string{r.Setup, fmt.Sprint(r.Judged)}
		for _, m := range models {
			cells = append(cells, refutedCell(r.Answer(m)))
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

func refutedCell(a ModelAnswer) string {
	var parts []string
	if a.Refuted > 0 {
		parts = append(parts, fmt.Sprintf("%d@%d", a.Refuted, a.Seed))
	}
	if a.Unknown > 0 {
		parts = append(parts, fmt.Sprintf("?%d", a.Unknown))
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, " ")
}

// reads says how often reads break what, and how old they are.
func (t *ComparisonTable) reads() *table {
	g := &table{Title: "Reads: violations in 10,000, and freshness", Head: []string{t.noun(), "reads", "stale", "MR", "RYW", "WFR", "MW", "thin air",
		"fresh", "behind p50", "p99", "worst", "age p50", "p99", "worst"},
		Note: "behind in versions, age since the first missed version had certainly been there; lower bounds, from real time"}
	for i := range t.Rows {
		m := &t.Rows[i].Measures
		v := m.Violations
		cells := []string{t.Rows[i].Setup, wording.Grouped(m.Judged)}
		for _, n := range []int{v.Stale, v.MonotonicReads, v.ReadYourWrites, v.WritesFollowReads, v.MonotonicWrites, v.ThinAir} {
			cells = append(cells, perTenThousand(n, m.Judged))
		}
		cells = append(cells, share(m.Fresh, m.Judged), fmt.Sprint(m.Behind.P50), fmt.Sprint(m.Behind.P99), fmt.Sprint(m.Behind.Max),
			age(m.Age.P50), age(m.Age.P99), age(m.Age.Max))
		g.Rows = append(g.Rows, cells)
	}
	return g
}

func perTenThousand(n, of int) string {
	if n == 0 || of == 0 {
		return "0"
	}
	return digits(10_000 * float64(n) / float64(of))
}

func share(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(of))
}

func age(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return clock(d)
}

// comparedPhases are the phases, with short names for columns.
var comparedPhases = []struct {
	phase stats.Phase
	name  string
}{{stats.Healthy, "healthy"}, {stats.Faulty, "minority"}, {stats.NoQuorum, "majority"}, {stats.Recovering, "recovering"}}

// served says what share of operations was served while what was broken, and how long it took afterwards.
func (t *ComparisonTable) served() *table {
	g := &table{Title: "Availability: reads and updates served in each phase, and the time until one was after a majority was back",
		Head: []string{t.noun()}, Note: "minority: something is broken, and some node can reach a majority; majority: none can"}
	for _, class := range operationClasses {
		for _, p := range comparedPhases {
			g.Head = append(g.Head, p.name)
		}
		g.Head = append(g.Head, "back p50", "worst")
		g.Head[len(g.Head)-6] = class.name + ": " + g.Head[len(g.Head)-6]
	}
	for i := range t.Rows {
		cells := []string{t.Rows[i].Setup}
		for _, class := range operationClasses {
			for _, p := range comparedPhases {
				cells = append(cells, served(t.Rows[i].Stats.Phase(p.phase).Functions, class.has))
			}
			back := latencyOf(t.Rows[i].Stats.Functions, class.has, func(f stats.FunctionStats) stats.Latency { return f.Recovery })
			cells = append(cells, ifAny(back.Count, back.P50), ifAny(back.Count, back.Max))
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// served is the share that was answered. What failed because it compared and found something else was answered too.
func served(all []stats.FunctionStats, concerns func(string) bool) string {
	ok, asked := answered(all, concerns)
	if asked == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(ok)/float64(asked))
}

func answered(all []stats.FunctionStats, concerns func(string) bool) (ok, asked int) {
	for _, f := range all {
		if concerns(f.F) {
			ok += f.OK + f.Refused
			asked += f.OK + f.Fail + f.Info
		}
	}
	return ok, asked
}

func latencyOf(all []stats.FunctionStats, concerns func(string) bool, of func(stats.FunctionStats) stats.Latency) stats.Latency {
	var sum stats.Latency
	for _, f := range all {
		if concerns(f.F) {
			sum.Add(of(f))
		}
	}
	return sum
}

func ifAny(count int, d time.Duration) string {
	if count == 0 {
		return "-"
	}
	return clock(d)
}

// latencies says how long operations took in each phase.
func (t *ComparisonTable) latencies(name string, concerns func(string) bool) *table {
	g := &table{Title: fmt.Sprintf("Latency of each %s that is ok, in virtual time", name), Head: []string{t.noun()}}
	for _, p := range comparedPhases {
		g.Head = append(g.Head, p.name+" p50", "p99")
	}
	for i := range t.Rows {
		cells := []string{t.Rows[i].Setup}
		for _, p := range comparedPhases {
			l := latencyOf(t.Rows[i].Stats.Phase(p.phase).Functions, concerns, func(f stats.FunctionStats) stats.Latency { return f.Latency })
			cells = append(cells, ifAny(l.Count, l.P50), ifAny(l.Count, l.P99))
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// costs says what operations came to and what they took of the network.
func (t *ComparisonTable) costs() *table {
	g := &table{Title: "Cost", Head: []string{t.noun(), "operations", "ok", "fail", "info", "messages each", "bytes each", "read p50 in round trips", "a read waits for"}, Left: map[int]bool{8: true},
		Note: fmt.Sprintf("messages of clients and nodes, heartbeats included, for each operation; a round trip takes %s in the median", clock(t.RoundTrip))}
	for i := range t.Rows {
		r := &t.Rows[i]
		var ok, fail, info int
		for _, f := range r.Stats.Functions {
			ok, fail, info = ok+f.OK, fail+f.Fail, info+f.Info
		}
		each := func(name string) string {
			for _, c := range r.Counters {
				if c.Name == name && ok+fail+info > 0 {
					return digits(float64(c.Value) / float64(ok+fail+info))
				}
			}
			return "-"
		}
		g.Rows = append(g.Rows, []string{r.Setup, wording.Grouped(ok + fail + info), share(ok, ok+fail+info), share(fail, ok+fail+info),
			share(info, ok+fail+info), each("messages"), each("bytes sent"),
			roundTrips(r.Stats.Phase(stats.Healthy).Functions, t.RoundTrip), r.Way})
	}
	return g
}

func roundTrips(all []stats.FunctionStats, one time.Duration) string {
	l := latencyOf(all, isRead, func(f stats.FunctionStats) stats.Latency { return f.Latency })
	if l.Count == 0 || one == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", float64(l.P50)/float64(one))
}
