package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
	"faultline/internal/audit/generate/transactions"
	"faultline/internal/audit/oracle"
	"faultline/internal/audit/oracle/isolation"
	"faultline/recorded"
)

func TestThousandsOfTransactions(t *testing.T) { compareTransactions(t, 2000, 1) }

// compareTransactions draws histories of transactions on lists and on registers in turn, and has their checkers asked about so many
// levels each time.
func compareTransactions(t *testing.T, histories, levels int) {
	a, begin := newAudit(t), time.Now()
	outcomes := map[string]*[3]int{}
	for i := range histories {
		r := rand.New(rand.NewPCG(*seed, uint64(i)))
		s := drawTransactions(r, i%2 == 0)
		asked := some(r, levels)
		if i%20 == 0 {
			sp := spellings[r.IntN(len(spellings))]
			filed := func(s sample) string { return a.fileDiffers(s, sp, asked[0].Name) }
			a.found(s, sp.name, filed(s), filed)
		}
		for level, answer := range a.transactions(s, asked) {
			if outcomes[level] == nil {
				outcomes[level] = &[3]int{}
			}
			outcomes[level][answer]++
		}
	}
	t.Logf("%d histories, %.0f a second", histories, float64(histories)/time.Since(begin).Seconds())
	for _, m := range isolation.Models() {
		if n := outcomes[m.Name]; n != nil {
			t.Logf("%-42s %d kept, %d not, %d open", m.Name, n[oracle.Yes], n[oracle.No], n[oracle.Open])
		}
	}
	a.report()
}

func drawTransactions(r *rand.Rand, lists bool) sample {
	s := sample{model: "rw-register"}
	if lists {
		s.model = "list-append"
	}
	s.events = transactions.History(r, transactions.Options{Lists: lists, Transactions: 5})
	return s
}

// some are so many of the levels that checkers know, in the order of the oracle: weaker ones before the stronger ones that imply them.
func some(r *rand.Rand, n int) []isolation.Model {
	names := models.Names()
	all := slices.DeleteFunc(isolation.Models(), func(m isolation.Model) bool { return !slices.Contains(names, m.Name) })
	for len(all) > n {
		i := r.IntN(len(all))
		all = slices.Delete(all, i, i+1)
	}
	return all
}

// transactions asks about levels, and tells what the oracle says. Of levels about which the same is said wrongly the weakest is reported,
// rather than all that imply it.
func (a *audit) transactions(s sample, levels []isolation.Model) map[string]oracle.Answer {
	h := isolation.Parse(s.events)
	if h.Malformed() != (isolation.Malformed{}) {
		a.found(s, "malformed", malformedDiffers(s), malformedDiffers)
		return nil
	}
	a.found(s, "anomalies", anomaliesDiffer(s), anomaliesDiffer)
	answers := map[string]oracle.Answer{}
	wrong := map[string]bool{} // what is said of a level
	for _, m := range levels {
		answers[m.Name] = m.Keeps(&h)
		ask := func(s sample) string { return levelDiffers(s, m) }
		difference := ask(s)
		if !slices.ContainsFunc(m.Implies, func(weaker string) bool { return wrong[weaker+difference] }) {
			a.found(s, m.Name, difference, ask)
		}
		wrong[m.Name+difference] = difference != ""
	}
	return answers
}

// levelDiffers says how the answer about a level differs from the oracle's.
func levelDiffers(s sample, m isolation.Model) string {
	h := isolation.Parse(s.events)
	if h.Malformed() != (isolation.Malformed{}) {
		return ""
	}
	want, part := m.Keeps(&h), askedOfTransactions(s, m.Name)
	switch {
	case part.Validity == checker.Invalid && want == oracle.Yes:
		return "refuted, and the oracle says that it is kept: " + anomalies(part)
	case part.Validity == checker.Valid && want == oracle.No:
		return "found to be kept, and the oracle says that it is not"
	case part.Validity != checker.Unknown, s.silent():
		return ""
	}
	return "unknown: " + general(part.Reason)
}

// anomaliesDiffer says what is found that is not there, in a history that shows all orders: an anomaly, or a dependency of its cycle.
func anomaliesDiffer(s sample) string {
	h := isolation.Parse(s.events)
	if h.Malformed() != (isolation.Malformed{}) || !h.Determined() {
		return ""
	}
	there := h.Anomalies()
	for _, f := range askedOfTransactions(s, models.StrictSerializable).Findings {
		if name, _, _ := strings.Cut(f.Anomaly, " ("); !there[name] {
			return name + " is found, and is not there"
		}
		if d := cycleDiffers(&h, f); d != "" {
			return d
		}
	}
	return ""
}

// cycleDiffers says how the steps of a finding are no cycle of dependencies.
func cycleDiffers(h *isolation.History, f checker.Finding) string {
	for i, step := range f.Steps {
		if step.To != f.Steps[(i+1)%len(f.Steps)].From {
			return f.Anomaly + " whose steps are no cycle"
		}
		if !h.Depends(transactionOf(h, f, step.From), transactionOf(h, f, step.To)) {
			return f.Anomaly + " with a step that is no dependency"
		}
	}
	return ""
}

// transactionOf is the position in the history of an operation of a finding.
func transactionOf(h *isolation.History, f checker.Finding, operation int) int {
	return slices.IndexFunc(h.Transactions, func(t isolation.Transaction) bool { return t.Invoked == f.Operations[operation].Invoked })
}

// fileDiffers says how the answer about a file differs from that about the same history in memory.
func (a *audit) fileDiffers(s sample, sp spelling, level string) string {
	o := recorded.Options{Check: s.bounds(), Model: s.model, ConsistencyModels: []string{level}, Tuples: recorded.TuplesNever}
	result, err := check(a.dir, sp, s, o)
	if err != nil {
		return "error: " + general(err.Error())
	}
	want, got := askedOfTransactions(s, level).Validity, s.succeeding(result.Verdict.Parts[0]).Validity
	if got != want && !s.silent() {
		return fmt.Sprintf("%v in a file, and %v in memory", got, want)
	}
	return ""
}

// malformedDiffers says that a history is found to be right that is none of transactions.
func malformedDiffers(s sample) string {
	h := isolation.Parse(s.events)
	m := h.Malformed()
	if m != (isolation.Malformed{}) && askedOfTransactions(s, models.ReadUncommitted).Validity == checker.Valid {
		return fmt.Sprintf("found to be right: %+v", m)
	}
	return ""
}

func askedOfTransactions(s sample, level string) checker.Part {
	c := txn.RWRegister(level)
	if s.model == "list-append" {
		c = txn.ListAppend(level)
	}
	return c.Check(context.Background(), checker.Input{Operations: s.operations()}, s.bounds())
}

// anomalies are the names of what was found, each once.
func anomalies(p checker.Part) string {
	var names []string
	for _, f := range p.Findings {
		if f.Validity == checker.Invalid {
			names = append(names, f.Anomaly)
		}
	}
	slices.Sort(names)
	return fmt.Sprint(slices.Compact(names))
}
