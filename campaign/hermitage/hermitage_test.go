package hermitage_test

import (
	"slices"
	"strings"
	"testing"

	"faultline/campaign/hermitage"
	"faultline/campaign/internal/trialtest"
	"faultline/checker"
	"faultline/cluster"
	_ "faultline/cluster/kinds" // which registers txnkv
	"faultline/workloads"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	m.Run()
}

func tableOf(t *testing.T, bug string, modes ...string) *hermitage.Table {
	t.Helper()
	kind, err := cluster.KindByName("txnkv")
	if err != nil {
		t.Fatal(err)
	}
	spec := hermitage.Spec(kind)
	spec.Bug = bug
	var chosen []cluster.Mode
	for _, m := range kind.Modes {
		if len(modes) == 0 || slices.Contains(modes, m.Name) {
			chosen = append(chosen, m)
		}
	}
	table, err := hermitage.Run(t.Context(), trialtest.Pool(2), spec, chosen)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// stronger are the cases that a level permits by its definition and this store prevents there.
var stronger = map[string]string{
	"read-committed OTV": "what is written is locked until the end, so nobody sees a part of it",
}

// At every level of the store each anomaly occurs that the level permits, and no other.
func TestTheTableIsWhatTheDefinitionsSay(t *testing.T) {
	table := tableOf(t, "")
	for _, column := range table.Modes {
		for _, c := range column.Cells {
			_, known := stronger[column.Mode+" "+c.Case]
			if occurs := c.Outcome == hermitage.Occurs; c.Outcome == hermitage.Unknown || occurs != (c.Permitted && !known) {
				t.Errorf("%s at %s: %s, permitted: %v: %s", c.Case, column.Mode, c.Outcome, c.Permitted, c.Sentence)
			}
		}
	}
	if table.Validity() != checker.Valid {
		t.Errorf("it is %v", table.Validity())
	}
}

// What the levels permit is what their definitions say: of each the first case that is not permitted to occur, and those behind it.
func TestWhatIsPermitted(t *testing.T) {
	for model, want := range map[string]string{
		"strict-serializable": "",
		"serializable":        "",
		"snapshot-isolation":  "G2-item G2 G2-fekete",
		"repeatable-read":     "PMP PMP-write G-single-predicate G2",
		"read-committed":      "OTV PMP PMP-write P4 G-single G-single-predicate G-single-write G2-item G2 G2-fekete",
		"read-uncommitted":    "G1a G1b G1c OTV PMP PMP-write P4 G-single G-single-predicate G-single-write G2-item G2 G2-fekete",
	} {
		var permitted []string
		for _, a := range workloads.Anomalies() {
			if hermitage.Permits(model, a) {
				permitted = append(permitted, a.Name)
			}
		}
		if got := strings.Join(permitted, " "); got != want {
			t.Errorf("%s permits %q, want %q", model, got, want)
		}
	}
}

// A case is shown as its lines, with what was read and who had to wait.
func TestTranscript(t *testing.T) {
	var text strings.Builder
	table := tableOf(t, "", "read-committed")
	for _, name := range []string{"P4", "G1c"} {
		table.Modes[0].WriteTranscript(&text, name)
	}
	const want = `P4 at read-committed: occurs
lost update: two transactions read a key and then both write it

         T1                  T2
 0.00 s  read x = [10]
 0.05 s                      read x = [10]
 0.10 s  append x 11
 0.15 s                      append x 12  waits
 0.20 s  commit
 0.20 s                      append x 12  done
 0.25 s                      commit

T1 read x = [10] and appended 11 to x
T2 read x = [10] and appended 12 to x: they replaced the same version
G1c at read-committed: prevented, as a transaction is aborted
circular information flow: each of two transactions reads what the other wrote

         T1               T2
 0.00 s  append x 11
 0.05 s                   append y 22
 0.10 s  read y  waits
 0.15 s                   read x  aborted
 0.15 s  read y = [20]
 0.20 s  commit

`
	if got, _, _ := strings.Cut(text.String(), "deadlock: "); got != want {
		t.Errorf("got\n%s", text.String())
	}
}

// An anomaly at a level that claims to forbid it is told apart from one that is permitted.
func TestABrokenClaim(t *testing.T) {
	table := tableOf(t, "predicate-unlocked", "serializable")
	var broken []string
	for _, c := range table.Modes[0].Cells {
		if c.Broken() {
			broken = append(broken, c.Case)
		}
	}
	if want := "PMP PMP-write G-single-predicate G2"; strings.Join(broken, " ") != want || table.Validity() != checker.Invalid {
		t.Errorf("broken are %v, and it is %v", broken, table.Validity())
	}
	var text strings.Builder
	table.WriteText(&text)
	if !strings.Contains(text.String(), "BROKEN  the anomaly occurs, and the mode claims to forbid it\n") {
		t.Error(text.String())
	}
}
