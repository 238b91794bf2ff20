package claims

import (
	"os"
	"slices"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/checker/order"
	"faultline/cluster"
	_ "faultline/cluster/kinds"
	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// small is the spec of worlds of a few seconds in which much happens: few keys, many operations, faults nearly half of the time.
func small(kind cluster.Kind) world.Spec {
	s := world.Spec{System: kind.Name, TimeLimit: 5 * time.Second, Rate: 400, Concurrency: 10, Workload: workloads.Usual(kind),
		Interval: time.Second, Intensity: 0.4, Clock: world.Virtual}
	s.Options.Keys = 4
	s, _ = s.WithDefaults() // the kind is registered
	return s
}

func search(kind cluster.Kind, seeds uint64) Search {
	return Search{Spec: small(kind), Seeds: seeds, Pool: trialtest.Pool(0)}
}

// eachMode tests every mode of every kind.
func eachMode(t *testing.T, test func(t *testing.T, kind cluster.Kind, mode cluster.Mode)) {
	for _, kind := range cluster.Kinds() {
		for _, mode := range kind.Modes {
			t.Run(kind.Name+" "+mode.Name, func(t *testing.T) { test(t, kind, mode) })
		}
	}
}

// eachModeOfOurs tests every mode of the kinds whose worlds are this very program. The others would have to be built first.
func eachModeOfOurs(t *testing.T, test func(t *testing.T, kind cluster.Kind, mode cluster.Mode)) {
	eachMode(t, func(t *testing.T, kind cluster.Kind, mode cluster.Mode) {
		if kind.Build != nil {
			t.Skip("a program of its own")
		}
		test(t, kind, mode)
	})
}

// withstands checks that no run of a case is invalid.
func withstands(t *testing.T, s Search, c Case, models []string) {
	t.Helper()
	found, err := s.Refute(t.Context(), c, models)
	if err != nil {
		t.Fatal(err)
	}
	if found != nil {
		t.Errorf("%s, seed %d: %s is broken: %s", c, found.Seed, found.Broken, found.Reason)
	}
}

// promised are the models that a mode is meant to keep; none if it is of no models, but of what the usual workload promises.
func promised(mode cluster.Mode) []string {
	if mode.Model == "" {
		return nil
	}
	return []string{mode.Model}
}

// survives reports whether a mode says what it keeps whatever happens.
func survives(mode cluster.Mode) bool { return len(mode.Keeps) > 0 || mode.Unless == "" }

// A claim says what breaks it if it says that something does, in words and by families that there are.
func TestClaimsAreWhole(t *testing.T) {
	eachMode(t, func(t *testing.T, kind cluster.Kind, mode cluster.Mode) {
		if (mode.Unless == "") != (len(mode.BrokenBy) == 0) {
			t.Errorf("it is broken by %q, which is %v", mode.Unless, mode.BrokenBy)
		}
		var known []string
		for _, f := range nemesis.AllFamilies() {
			known = append(known, f.Name)
		}
		for _, f := range mode.BrokenBy {
			if !slices.Contains(known, f) {
				t.Errorf("there is no family %s", f)
			}
		}
	})
}

// Claims are not too strong: under all that a mode withstands it keeps its model, and under everything what it keeps whatever happens.
// The long test looks harder.
func TestClaimsAreKept(t *testing.T) {
	eachModeOfOurs(t, func(t *testing.T, kind cluster.Kind, mode cluster.Mode) {
		if mode.Claims == cluster.Nothing {
			return
		}
		cases := Withstood(kind, mode)
		withstands(t, search(kind, 1), cases[0], promised(mode))
		withstands(t, search(kind, 1), cases[len(cases)-1], promised(mode))
		if survives(mode) {
			withstands(t, search(kind, 1), Survived(kind, mode), mode.Keeps)
		}
	})
}

// property reports whether a rule is one of those that a model of broadcasts consists of.
func property(model, rule string) bool {
	m, err := order.ModelByName(model)
	return err == nil && slices.Contains(m.Rules, order.Rule(rule))
}

// Claims are not too weak: what is said to break one does. Each scenario shows one way, in one of a few seeds.
func TestClaimsAreBroken(t *testing.T) {
	eachModeOfOurs(t, func(t *testing.T, kind cluster.Kind, mode cluster.Mode) {
		ways := breaking(kind, mode.Name)
		if (mode.Unless == "") != (len(ways) == 0) {
			t.Fatalf("it is broken by %q, and there are %d scenarios of that", mode.Unless, len(ways))
		}
		for _, way := range ways {
			s := search(kind, 60)
			found, err := s.Refute(t.Context(), Case{Mode: mode, Scenario: &way}, promised(mode))
			switch {
			case err != nil:
				t.Fatal(err)
			case found == nil:
				t.Errorf("no run of %d refutes %s: %s", s.Seeds, mode.Model, way.Schedule)
			case mode.Model != "" && found.Broken != mode.Model && !property(mode.Model, found.Broken):
				t.Errorf("seed %d: %s is broken: %s", found.Seed, found.Broken, found.Reason)
			default:
				t.Logf("seed %d by %q", found.Seed, way.Schedule)
			}
		}
	})
}
