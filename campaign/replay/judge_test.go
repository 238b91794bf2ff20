package replay

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/checker"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// A stored run is judged again by its files alone, and the verdict is what it was to the last word.
func TestStoredRunsAreJudgedAgain(t *testing.T) {
	models, bounded, outage := trialtest.Stale(), trialtest.Stale(), trialtest.Quick()
	models.Options.ConsistencyModels = []string{"causal", "eventual"}
	bounded.Options.Staleness = 10 * time.Millisecond
	outage.MaxOutage = time.Millisecond
	for name, spec := range map[string]world.Spec{"valid": trialtest.Quick(), "invalid": trialtest.Stale(), "models": models, "bounded": bounded, "outage": outage} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(stored(t, spec), "")
			if err != nil {
				t.Fatal(err)
			}
			again, err := s.Judge(context.Background(), checker.Options{})
			if err != nil {
				t.Fatal(err)
			}
			now, err := json.Marshal(again)
			if err != nil {
				t.Fatal(err)
			}
			then, err := json.Marshal(s.Stored.Verdict)
			if err != nil {
				t.Fatal(err)
			}
			if string(now) != string(then) {
				t.Errorf("it was\n%s\nand is\n%s", then, now)
			}
		})
	}
}

// A world that crashed left nothing to judge, and stays unknown.
func TestCrashedRunsStayUnknown(t *testing.T) {
	then := checker.Conclude(checker.Part{Name: checker.WorldPart, Reason: "the world crashed: it hung"})
	s := &Run{Stored: &results.Run{History: &history.Tape{}, Verdict: then}}
	v, err := s.Judge(context.Background(), checker.Options{})
	if err != nil || v.Validity != checker.Unknown || v.Reason != then.Reason {
		t.Errorf("%+v, %v", v, err)
	}
}

// What the version before stored can be opened, and is refused by name where more is needed than it stored.
func TestRunsOfVersion1CannotBeJudgedAgain(t *testing.T) {
	s, err := Open("../../results/testdata/format1/linearizable", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Judge(context.Background(), checker.Options{}); !errors.Is(err, ErrNotJudgeable) ||
		!strings.Contains(err.Error(), "an earlier version did not store how it ended; run its seed again: faultline run --concurrency 4 ") {
		t.Errorf("%v", err)
	}
	examples, err := s.Counterexamples(checker.Options{})
	if err != nil || len(examples) != 2 {
		t.Errorf("%d counterexamples, %v", len(examples), err)
	}
}
