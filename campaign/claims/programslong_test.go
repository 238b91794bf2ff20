//go:build long

package claims

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/workloads"
	"faultline/world"
)

var (
	keptSeeds   = flag.Uint64("kept", 100, "worlds of each case in which a store that is a program of its own keeps its claim")
	brokenSeeds = flag.Uint64("broken", 20, "worlds of each family of faults that is said to break such a claim")
)

// TestClaimsOfPrograms is TestClaims for the stores that come with Faultline and are programs of their own, which it builds. Their
// worlds take long, so what a mode withstands is tried without faults and under all of that at once, and not family by family:
//
//	go test -tags long -run ClaimsOfPrograms -timeout 3h -v ./campaign/claims
//
// docs/stores.md has what was counted.
func TestClaimsOfPrograms(t *testing.T) {
	eachMode(t, func(t *testing.T, kind cluster.Kind, mode cluster.Mode) {
		if kind.Build == nil {
			t.Skip("TestClaims has it")
		}
		s, runs := searchOfProgram(t, kind)
		for _, c := range kept(kind, mode) {
			before := *runs
			withstands(t, s, c.Case, c.models)
			t.Logf("%s: %v", c.Case, runs.since(before))
		}
		s.Seeds = *brokenSeeds
		t.Logf("broken by %s", strings.Join(breakers(t, s, mode), ", "))
	})
}

// keptCase is a case and the models that are kept in it.
type keptCase struct {
	Case
	models []string
}

// kept are the cases in which a mode keeps something: its claim without faults and under all that it withstands, and what it keeps
// whatever happens.
func kept(kind cluster.Kind, mode cluster.Mode) []keptCase {
	claim, always := []string{mode.Model}, mode.Keeps
	if !registers(kind) { // there are no models of it: what the workload promises must hold
		claim, always = nil, nil
	}
	withstood := Withstood(kind, mode)
	cases := []keptCase{{withstood[0], claim}, {withstood[len(withstood)-1], claim}}
	if len(always) > 0 && len(mode.BrokenBy) > 0 { // else the claim is kept whatever happens
		cases = append(cases, keptCase{Survived(kind, mode), always})
	}
	return cases
}

// registers reports whether the usual workload of a kind works on registers, which consistency models are of.
func registers(kind cluster.Kind) bool {
	w, _ := workloads.ByName(workloads.Usual(kind))
	return w.Models == workloads.RegisterModels
}

// breakers are the families that break a claim on their own in one of the worlds, of all that are said to.
func breakers(t *testing.T, s Search, mode cluster.Mode) (shown []string) {
	t.Helper()
	var models []string
	if kind, err := s.Spec.Kind(); err == nil && registers(kind) {
		models = []string{mode.Model}
	}
	for _, family := range mode.BrokenBy {
		found, err := s.Refute(t.Context(), Case{Mode: mode, Families: []string{family}}, models)
		switch {
		case err != nil:
			t.Fatal(err)
		case found != nil:
			shown = append(shown, fmt.Sprintf("%s (%s, seed %d)", family, found.Broken, found.Seed))
		}
	}
	return shown
}

// searchOfProgram searches in worlds of twenty seconds: a leader of NATS that is cut off finds out after ten.
func searchOfProgram(t *testing.T, kind cluster.Kind) (Search, *tally) {
	t.Helper()
	spec := small(kind)
	spec.Workload, spec.TimeLimit, spec.Interval, spec.Rate = workloads.Usual(kind), 20*time.Second, 4*time.Second, 100
	spec, err := spec.Built(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	runs := &tally{}
	return Search{Spec: spec, Seeds: *keptSeeds, Pool: trial.Pool{Runner: counting{trial.Local{}, runs}, Workers: 1}}, runs
}

// tally counts verdicts. A run that is unknown refutes nothing, and supports nothing either.
type tally struct{ valid, unknown int }

func (t tally) since(before tally) string {
	return fmt.Sprintf("%d valid, %d unknown", t.valid-before.valid, t.unknown-before.unknown)
}

// counting is a runner whose verdicts are counted. It runs one world at a time.
type counting struct {
	trial.Runner
	runs *tally
}

func (c counting) Run(ctx context.Context, in world.Input) (*trial.Trial, error) {
	run, err := c.Runner.Run(ctx, in)
	switch {
	case err != nil:
		return nil, err
	case run.Verdict.Validity == checker.Valid:
		c.runs.valid++
	case run.Verdict.Validity == checker.Unknown:
		c.runs.unknown++
	}
	return run, nil
}
