package compare

import (
	"slices"
	"strings"
	"testing"

	"faultline/checker/ladder"
	"faultline/cluster/raftkv"
	"faultline/cluster/raftkv/bugs"
	"faultline/results"
	"faultline/world"
)

// Every level promises models that the ladder has, and a setup changes the spec in what it is named after.
func TestSetups(t *testing.T) {
	kind := bugs.Kind()
	all, err := Systems{kind}.Setups(strings.Join(kind.Compared, ","))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, model := range s.Keeps() {
			if _, err := ladder.ModelByName(model); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
		if (s.Mode.Unless == "") != slices.Contains(s.Mode.Keeps, s.Mode.Model) {
			t.Errorf("%s: it is to be known what is left of its claim when that does not hold, and when it does not", s.Name)
		}
		if _, err := ladder.ModelByName(s.Mode.Model); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	s, err := ParseSetup(kind, "stale+roam+nosync")
	if err != nil {
		t.Fatal(err)
	}
	spec := s.Spec(world.Spec{})
	config := spec.Config.(*raftkv.Config)
	if spec.Mode != "stale" || config.Client.Affinity != raftkv.Roam || !config.Raft.NoSync || config.Client.BlindRetries {
		t.Errorf("%s, %+v", spec.Mode, config)
	}
	if s.Keeps() != nil {
		t.Errorf("without syncs it is to keep %v", s.Keeps())
	}
}

func TestSetupsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"stael":           `unknown read level "stael"; did you mean stale?`,
		"stale+raom":      `stale+raom: unknown variant "raom"; did you mean roam?`,
		"log,stale,log":   "log is there twice",
		"":                `unknown read level ""`,
		"log,readindex+x": `readindex+x: unknown variant "x"`,
	} {
		if _, err := (Systems{bugs.Kind()}).Setups(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// What is left are models that no run refuted, without those that follow from others that are left.
func TestStrongest(t *testing.T) {
	for refuted, want := range map[string]string{
		"":             "linearizable",
		"linearizable": "sequential,bounded-staleness,eventual",
		"linearizable,sequential,bounded-staleness":                          "causal-memory,causal-convergence,consistent-prefix,eventual",
		"linearizable,sequential,causal-memory,causal-convergence,causal":    "pram,writes-follow-reads,bounded-staleness,eventual",
		"linearizable,bounded-staleness,sequential,consistent-prefix,causal": "causal-memory,causal-convergence,eventual", // that no history can be
	} {
		var answers []results.ModelAnswer
		for _, m := range ladder.Names() {
			a := results.ModelAnswer{Model: m}
			if slices.Contains(strings.Split(refuted, ","), m) {
				a.Refuted = 1
			}
			answers = append(answers, a)
		}
		if got := strings.Join(strongest(answers), ","); got != want {
			t.Errorf("without %s: %s, want %s", refuted, got, want)
		}
	}
}
