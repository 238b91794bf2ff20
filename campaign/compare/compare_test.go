package compare

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/checker/ladder"
	"faultline/checker/txn/models"
	"faultline/cluster/raftkv/bugs"
	"faultline/history"
	"faultline/results"
	"faultline/workloads"
	"faultline/world"
)

func smallComparison(t *testing.T, levels string) *Comparison {
	t.Helper()
	setups, err := Systems{bugs.Kind()}.Setups(levels)
	if err != nil {
		t.Fatal(err)
	}
	spec := world.Spec{Seed: 1, TimeLimit: 15 * time.Second, Rate: 200, Concurrency: 6, Workload: "register", Options: workloads.Options{Keys: 4},
		Interval: 3 * time.Second, Clock: world.Virtual}
	return &Comparison{Spec: spec, Count: 2, Setups: setups, Conditions: []Condition{Drawn(Systems{bugs.Kind()}, 5, []string{"crash", "partition"})},
		CheckTimeout: time.Minute}
}

// The same comparison is the same to the byte, however many worlds run at once and in whatever order they end.
func TestAComparisonRepeats(t *testing.T) {
	var first string
	for _, workers := range []int{1, 3} {
		dir, err := results.OpenCampaign(t.TempDir(), "c")
		if err != nil {
			t.Fatal(err)
		}
		c := smallComparison(t, "log,stale")
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		all, err := c.Compare(context.Background(), trialtest.Pool(workers), dir)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		all.WriteText(&text)
		text.WriteString(all.Markdown().String())
		if first == "" {
			first = text.String()
			checkComparison(t, dir, all)
		} else if text.String() != first {
			t.Errorf("it was\n%s\nand is now\n%s", first, text.String())
		}
	}
}

// Transactions are compared by the levels of isolation that they kept. A read of the log is strictly serializable; one of whatever a
// node has is of an older state, which is serializable.
func TestTransactionsAreCompared(t *testing.T) {
	dir, err := results.OpenCampaign(t.TempDir(), "c")
	if err != nil {
		t.Fatal(err)
	}
	c := smallComparison(t, "log,stale")
	c.Spec.Workload, c.Spec.TimeLimit, c.Count = "list-append", 8*time.Second, 1
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	all, err := c.Compare(t.Context(), trialtest.Pool(2), dir)
	if err != nil {
		t.Fatal(err)
	}
	log, stale := &all.Tables[0].Rows[0], &all.Tables[0].Rows[1]
	if got := strings.Join(log.Strongest, ","); got != models.StrictSerializable {
		t.Errorf("log is %s", got)
	}
	if got := strings.Join(stale.Strongest, ","); got != models.Serializable {
		t.Errorf("stale is %s", got)
	}
	if names := all.Tables[0].Anomalies; len(names) == 0 || len(log.Anomalies) > 0 || len(stale.Anomalies) != len(names) {
		t.Errorf("%v: log has shown %v, stale %v", names, log.Anomalies, stale.Anomalies)
	}
	var text strings.Builder
	all.WriteText(&text)
	for _, want := range []string{"Runs that showed each anomaly", "Latency of each transaction that is ok", "transaction p50 in round trips", "ok a second"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &text)
		}
	}
	if err := dir.WriteComparison(all); err != nil {
		t.Error(err)
	}
}

// What has rules of its own cannot be compared by models.
func TestWhatCannotBeCompared(t *testing.T) {
	for _, workload := range []string{"queue", "bank"} {
		c := smallComparison(t, "log,stale")
		c.Spec.Workload = workload
		want := "workload " + workload + ": what is compared are consistency models of registers, as in the workload register, " +
			"levels of isolation, as in the workload list-append, models of broadcasts, and eventual consistency, as in the workload set"
		if err := c.Validate(); err == nil || err.Error() != want {
			t.Errorf("%s: %v", workload, err)
		}
	}
}

// Interrupted while trials run, there is nothing. Interrupted when all have run, there is the whole comparison, and what is
// not stored is the runs that it speaks of.
func TestAComparisonThatIsInterrupted(t *testing.T) {
	for _, at := range []int{2, 4} {
		dir, err := results.OpenCampaign(t.TempDir(), "c")
		if err != nil {
			t.Fatal(err)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		c := smallComparison(t, "log,stale")
		c.Told = func(p trial.Progress) {
			if p.Done == at {
				interrupt()
			}
		}
		all, err := c.Compare(ctx, trialtest.Pool(1), dir)
		if whole := at == 4; whole != (err == nil) || !whole && !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d runs: %v", at, err)
		}
		if err == nil {
			if a := all.Tables[0].Rows[1].Answer(ladder.Linearizable); a.Refuted != 2 || a.Dir != "" {
				t.Errorf("%+v", a)
			}
		}
		if left, _ := os.ReadDir(dir.Dir()); len(left) > 0 {
			t.Errorf("left are %v", left)
		}
	}
}

func checkComparison(t *testing.T, dir *results.Campaign, all *results.Comparison) {
	t.Helper()
	if err := dir.WriteComparison(all); err != nil {
		t.Fatal(err)
	}
	stored, err := results.ReadComparison(dir.Dir())
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(all)
	b, _ := json.Marshal(stored)
	if string(a) != string(b) {
		t.Error("what is read is not what was stored")
	}
	rows := all.Tables[0].Rows
	if got := strings.Join(rows[0].Strongest, ","); got != ladder.Linearizable || len(rows[0].Broken()) > 0 {
		t.Errorf("log is %s", got)
	}
	stale := rows[1].Answer(ladder.Linearizable)
	if stale.Refuted != 2 || stale.Seed != 1 || stale.Picture == "" || stale.Dir == "" || len(rows[1].Broken()) > 0 {
		t.Errorf("stale: %+v", stale)
	}
	for _, r := range rows {
		if r.Judged != 2 || r.Measures.Reads < 1000 || r.Measures.Judged == 0 {
			t.Errorf("%s: %d runs, %+v", r.Setup, r.Judged, r.Measures)
		}
	}
	if l, s := rows[0].Measures, rows[1].Measures; l.Fresh != l.Judged || s.Fresh == s.Judged {
		t.Errorf("fresh reads: %d of %d at log, %d of %d at stale", l.Fresh, l.Judged, s.Fresh, s.Judged)
	}
}

// Diverge skips what other operations did and finds the first of which the answers differ.
func TestDiverge(t *testing.T) {
	op := func(process int32, f string, in, out int64, at time.Duration) history.Operation {
		return history.Operation{Process: process, F: f, Key: "k", Input: history.IntValue(in), Output: history.IntValue(out), Outcome: history.OK, Invoke: at, Return: at + 1}
	}
	first := []history.Operation{op(0, "read", 0, 1, 1), op(1, "read", 0, 2, 2), op(0, "cas", 5, 0, 3), op(0, "read", 0, 9, 4)}
	other := []history.Operation{op(1, "read", 0, 2, 1), op(0, "read", 0, 1, 2), op(0, "cas", 6, 0, 3), op(0, "read", 0, 8, 7)}
	d, found := diverge(first, other)
	if !found || d.First.Invoke != 4 || d.Other.Invoke != 7 {
		t.Errorf("%+v", d)
	}
	if _, found := diverge(first, first); found {
		t.Error("a run diverges from itself")
	}
	for seed := range uint64(100) { // whatever is left out, there is no end but the end
		rng := rand.New(rand.NewPCG(seed, 1))
		diverge(first[:rng.IntN(5)], other[rng.IntN(5):])
	}
}
