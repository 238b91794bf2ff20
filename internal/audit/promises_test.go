package audit

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/catalog"
	"faultline/internal/audit/generate"
	"faultline/internal/audit/oracle"
	"faultline/recorded"
)

func TestThousandsOfPromises(t *testing.T) { comparePromises(t, 3000) }

// comparePromises draws histories for each promise in turn and has its checker asked about them.
func comparePromises(t *testing.T, histories int) {
	a, promises, begin := newAudit(t), oracle.Promises(), time.Now()
	outcomes := map[string]*[3]int{}
	if *model != "" {
		promises = slices.DeleteFunc(promises, func(p oracle.Promise) bool { return p.Model != *model })
	}
	for i := range histories {
		r := rand.New(rand.NewPCG(*seed, uint64(i)))
		p := promises[i%len(promises)]
		s := drawPromise(r, p)
		if outcomes[p.Name()] == nil {
			outcomes[p.Name()] = &[3]int{}
		}
		outcomes[p.Name()][a.promise(s, p, r)]++
	}
	t.Logf("%d histories, %.0f a second", histories, float64(histories)/time.Since(begin).Seconds())
	for _, p := range promises {
		if n := outcomes[p.Name()]; n != nil {
			t.Logf("%-24s %d valid, %d invalid, %d unknown", p.Name(), n[checker.Valid], n[checker.Invalid], n[checker.Unknown])
		}
	}
	a.report()
}

// drawPromise draws a history that is judged as a whole.
func drawPromise(r *rand.Rand, p oracle.Promise) sample {
	o := generate.Options{}
	switch {
	case p.Long:
		o.Operations = pick(r, 10, 30)
	case r.IntN(10) == 0:
		o = generate.Options{Operations: 30, Calm: true}
	}
	s := sample{model: p.Name()}
	s.events, s.end = generate.Service(r, p.Model, o)
	s.seed = r.Uint64()
	return s
}

func pick(r *rand.Rand, from ...int) int { return from[r.IntN(len(from))] }

// promise asks the checker of a promise about a history, and tells what the oracle says.
func (a *audit) promise(s sample, p oracle.Promise, r *rand.Rand) checker.Validity {
	direct := func(s sample) string { return promiseDiffers(s, p, asked(s, p)) }
	a.found(s, "checker", direct(s), direct)
	if r.IntN(8) == 0 && s.end == 0 {
		sp := spellings[r.IntN(len(spellings))]
		filed := func(s sample) string { return promiseDiffers(s, p, a.askedOfFile(sp, s, p)) }
		a.found(s, sp.name, filed(s), filed)
	}
	return validity(p.Judge(oracle.Operations(s.events), s.end))
}

func validity(j oracle.Judgement) checker.Validity {
	return map[oracle.Answer]checker.Validity{oracle.Yes: checker.Valid, oracle.No: checker.Invalid, oracle.Open: checker.Unknown}[j.Keeps()]
}

// asked asks the checker that the catalog has.
func asked(s sample, p oracle.Promise) opinion {
	entry, err := catalog.ByName(p.Model)
	if err != nil {
		return opinion{err: err}
	}
	settings, err := entry.Settings(p.Options)
	if err != nil {
		return opinion{err: err}
	}
	in := checker.Input{Operations: s.operations(), Ending: checker.Ending{Settled: s.end}}
	return opinion{part: entry.Checker(settings).Check(context.Background(), in, s.bounds())}
}

// askedOfFile asks about a file. A log does not tell which operations are final.
func (a *audit) askedOfFile(sp spelling, s sample, p oracle.Promise) opinion {
	if sp.name == "log" && slices.ContainsFunc(s.events, func(e oracle.Event) bool { return e.Final }) {
		return opinion{none: true}
	}
	o := recorded.Options{Check: s.bounds(), Model: p.Model, ModelOptions: p.Options, Tuples: recorded.TuplesNever}
	if s.keyed() {
		o.Tuples = recorded.TuplesAlways
	}
	result, err := check(a.dir, sp, s, o)
	switch {
	case err != nil && refused(err), result == nil && err == nil:
		return opinion{none: true}
	case err != nil:
		return opinion{err: err}
	}
	return opinion{part: s.succeeding(result.Verdict.Parts[0])}
}

// promiseDiffers says in what an opinion differs from the oracle's.
func promiseDiffers(s sample, p oracle.Promise, o opinion) string {
	want := p.Judge(oracle.Operations(s.events), s.end)
	switch {
	case o.err != nil:
		return "error: " + general(o.err.Error())
	case o.none, want.Unclear, o.part.Validity == checker.Unknown && s.silent():
		return ""
	case o.part.Validity != validity(want):
		return fmt.Sprintf("%v, and the oracle says %v (%v): %s", o.part.Validity, validity(want), rules(want.Broken), general(o.part.Reason))
	}
	if d := rulesDiffer(p, want.Broken, o.part.Findings); d != "" {
		return d
	}
	for _, f := range o.part.Findings {
		if d := findingDiffers(s, p, f); d != "" {
			return d
		}
	}
	return ""
}

// atMost is how many findings some checkers tell.
const atMost = 8

// rulesDiffer compares the rules that are broken, and on which objects. Of a lock only the first rule that is broken is told, and that a rule
// of partitioned logs is broken only of the first log on which it is.
func rulesDiffer(p oracle.Promise, want map[oracle.Breach]bool, findings []checker.Finding) string {
	found := map[oracle.Breach]bool{}
	for _, f := range findings {
		if f.Validity != checker.Invalid {
			continue
		}
		b := breach(f)
		if locked := (oracle.Breach{Rule: oracle.Locked, On: b.On}); want[locked] && b.Rule == oracle.Fenced {
			b = locked
		}
		if !want[b] {
			return fmt.Sprintf("breaks %s on an object on which the oracle says %s", b.Rule, rules(want))
		}
		found[b] = true
	}
	got, expected := rules(found), rules(want)
	all := len(found) == len(want) || p.Model == "kafka" && got == expected
	if !all && len(findings) < atMost {
		return fmt.Sprintf("breaks %s, and the oracle says %s", got, expected)
	}
	return ""
}

// breach is what a finding is about. The rules of a lock that have nothing to do with tokens are one to the oracle, and so are those of
// registers with versions.
func breach(f checker.Finding) oracle.Breach {
	switch {
	case f.Rule == "one-writer", f.Rule == "one-value", f.Rule == "in-order":
		return oracle.Breach{Rule: oracle.Versioned, On: f.On}
	case f.Anomaly == "thin-air read":
		return oracle.Breach{Rule: "thin-air", On: f.On}
	case f.Rule == "exclusive", f.Rule == "owned":
		return oracle.Breach{Rule: oracle.Locked, On: f.On}
	}
	return oracle.Breach{Rule: f.Rule, On: f.On}
}

func rules(broken map[oracle.Breach]bool) string {
	names := map[string]bool{}
	for b := range broken {
		names[b.Rule] = true
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(names)))
}

// ofTheWhole are the rules that reads break because of all that there is: sums, and what nobody has named. Only these reads are shown.
var ofTheWhole = []string{"out-of-bounds", "wrong-total", "unexpected-key"}

// findingDiffers says how a finding does not show what it should: its operations, taken by themselves, must break the same rule.
func findingDiffers(s sample, p oracle.Promise, f checker.Finding) string {
	if f.Validity != checker.Invalid {
		return ""
	}
	ops, d := involved(s, f)
	switch {
	case d != "":
		return d
	case len(ops) == 0:
		return f.Rule + " without operations"
	}
	if slices.Contains(ofTheWhole, f.Rule) {
		return ""
	}
	if alone := p.Judge(ops, s.end); !alone.Broken[breach(f)] {
		return f.Rule + " is not broken by the operations that are shown"
	}
	return ""
}
