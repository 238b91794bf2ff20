package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker/ladder"
	"faultline/checker/txn/models"
	"faultline/cluster/ops"
	"faultline/history/stats"
	"faultline/internal/wording"
)

// shortModels are the models as heads of columns.
var shortModels = map[string]string{
	ladder.Linearizable: "lin", ladder.Sequential: "seq", ladder.CausalMemory: "CM", ladder.CausalConvergence: "CCv", ladder.Causal: "CC",
	ladder.PRAM: "PRAM", ladder.WritesFollowReads: "WFR", ladder.MonotonicReads: "MR", ladder.ReadYourWrites: "RYW",
	ladder.BoundedStaleness: "bound", ladder.ConsistentPrefix: "prefix", ladder.MonotonicWrites: "MW", ladder.Eventual: "event",

	models.StrictSerializable: "strict", models.Serializable: "ser", models.SnapshotIsolation: "SI", models.RepeatableRead: "RR",
	models.ReadCommitted: "RC", models.ReadUncommitted: "RU",
}

// tables are the tables of a comparison, for all that shows them.
func (t *ComparisonTable) tables(models []string) []*table {
	all := []*table{t.kept(), t.breaking(), t.refuted(models), t.anomalies(), t.reads(), t.served()}
	for _, class := range t.classes() {
		all = append(all, t.latencies(class))
	}
	all = append(all, t.costs(), t.aborts())
	return slices.DeleteFunc(all, func(g *table) bool { return len(g.Rows) == 0 })
}

// noun is what people call a row.
func (t *ComparisonTable) noun() string { return cmp.Or(t.Noun, "level") }

// operationClass is operations that are told apart from others.
type operationClass struct {
	name, one string
	has       func(f string) bool
}

var (
	reads        = operationClass{"reads", "read", func(f string) bool { return f == "read" }}
	updates      = operationClass{"updates", "update", func(f string) bool { return f != "read" }}
	transactions = operationClass{"transactions", "transaction", func(string) bool { return true }}
)

// classes are the classes of operations that a row has, the first one that which most is said of.
func (r *ComparisonRow) classes() []operationClass {
	if slices.ContainsFunc(r.Stats.Functions, func(f stats.FunctionStats) bool { return f.F == ops.Txn }) {
		return []operationClass{transactions}
	}
	return []operationClass{reads, updates}
}

// classes are those of its rows, which are of one workload.
func (t *ComparisonTable) classes() []operationClass {
	for i := range t.Rows {
		if t.Rows[i].Judged > 0 {
			return t.Rows[i].classes()
		}
	}
	return []operationClass{reads, updates}
}

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

// anomalies says how many runs have shown each anomaly, and the first seed.
func (t *ComparisonTable) anomalies() *table {
	g := &table{Title: "Runs that showed each anomaly, and the first seed", Head: append([]string{t.noun(), "runs"}, t.Anomalies...),
		Note: "one that is a case of another counts as that, too; -process and -realtime: only with the order of a session or of real time"}
	if len(t.Anomalies) == 0 {
		return g
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		cells := []string{r.Setup, fmt.Sprint(r.Judged)}
		for _, name := range t.Anomalies {
			cells = append(cells, refutedCell(answerTo(r.Anomalies, name)))
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// aborts says why transactions failed.
func (t *ComparisonTable) aborts() *table {
	var reasons []string
	for i := range t.Rows {
		for _, a := range t.Rows[i].Aborts {
			if !slices.Contains(reasons, a.Why) {
				reasons = append(reasons, a.Why)
			}
		}
	}
	slices.Sort(reasons)
	g := &table{Title: "Transactions: how many were ok in a second while nothing was broken, and of 10,000 how many failed, by the reason",
		Head: append([]string{t.noun(), "ok a second"}, reasons...)}
	if len(reasons) == 0 {
		return g
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		_, asked := answered(r.Stats.Functions, transactions.has)
		cells := []string{r.Setup, r.throughput()}
		for _, why := range reasons {
			n := 0
			for _, a := range r.Aborts {
				if a.Why == why {
					n = a.Count
				}
			}
			cells = append(cells, perTenThousand(n, asked))
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// reads says how often reads break what, and how old they are.
func (t *ComparisonTable) reads() *table {
	g := &table{Title: "Reads: violations in 10,000, and freshness", Head: []string{t.noun(), "reads", "stale", "MR", "RYW", "WFR", "MW", "thin air",
		"fresh", "behind p50", "p99", "worst", "age p50", "p99", "worst"},
		Note: "behind in versions, age since the first missed version had certainly been there; lower bounds, from real time"}
	if !slices.ContainsFunc(t.Rows, func(r ComparisonRow) bool { return r.Measures.Reads > 0 }) {
		return g
	}
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
	var names []string
	for _, class := range t.classes() {
		names = append(names, class.name)
	}
	g := &table{Title: "Availability: " + wording.List(names, "and") + " served in each phase, and the time until one was after a majority was back",
		Head: []string{t.noun()}, Note: "minority: something is broken, and some node can reach a majority; majority: none can"}
	for _, class := range t.classes() {
		for _, p := range comparedPhases {
			g.Head = append(g.Head, p.name)
		}
		g.Head = append(g.Head, "back p50", "worst")
		g.Head[len(g.Head)-6] = class.name + ": " + g.Head[len(g.Head)-6]
	}
	for i := range t.Rows {
		cells := []string{t.Rows[i].Setup}
		for _, class := range t.classes() {
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
func (t *ComparisonTable) latencies(class operationClass) *table {
	g := &table{Title: fmt.Sprintf("Latency of each %s that is ok, in virtual time", class.one), Head: []string{t.noun()}}
	for _, p := range comparedPhases {
		g.Head = append(g.Head, p.name+" p50", "p99")
	}
	for i := range t.Rows {
		cells := []string{t.Rows[i].Setup}
		for _, p := range comparedPhases {
			l := latencyOf(t.Rows[i].Stats.Phase(p.phase).Functions, class.has, func(f stats.FunctionStats) stats.Latency { return f.Latency })
			cells = append(cells, ifAny(l.Count, l.P50), ifAny(l.Count, l.P99))
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// costs says what operations came to and what they took of the network.
func (t *ComparisonTable) costs() *table {
	class := t.classes()[0]
	g := &table{Title: "Cost", Head: []string{t.noun(), "operations", "ok", "fail", "info", "messages each", "bytes each", class.one + " p50 in round trips", "a " + class.one + " waits for"},
		Left: map[int]bool{8: true},
		Note: "messages of clients and nodes, heartbeats included, for each operation"}
	if t.RoundTrip > 0 {
		g.Note += fmt.Sprintf("; a round trip takes %s in the median", clock(t.RoundTrip))
	}
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
			roundTrips(r.Stats.Phase(stats.Healthy).Functions, class, t.RoundTrip), r.Way})
	}
	return g
}

// throughput is how many operations were ok in a second while nothing was broken.
func (r *ComparisonRow) throughput() string {
	healthy := r.Stats.Phase(stats.Healthy)
	if healthy.Duration <= 0 {
		return "-"
	}
	return digits(float64(healthy.OK) / healthy.Duration.Seconds())
}

func roundTrips(all []stats.FunctionStats, class operationClass, one time.Duration) string {
	l := latencyOf(all, class.has, func(f stats.FunctionStats) stats.Latency { return f.Latency })
	if l.Count == 0 || one == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", float64(l.P50)/float64(one))
}
