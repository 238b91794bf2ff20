package workloads_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"faultline/campaign/replay"
	"faultline/checker"
	"faultline/results"
	"faultline/results/viewer"
	"faultline/workloads/internal/fakestore"
)

// storedFake runs a bug and stores the run.
func storedFake(t *testing.T, workload, bug string) (string, *replay.Run) {
	t.Helper()
	c, err := results.OpenCampaign(t.TempDir(), "test")
	if err != nil {
		t.Fatal(err)
	}
	name, err := c.WriteRun(&runFake(t, fake(workload, bug)).Run)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(c.Dir(), name))
	if err != nil {
		t.Fatal(err)
	}
	s, err := replay.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

// Whoever judges a stored run again comes to the same verdict, word by word, and the viewer can show it.
func TestStoredRuns(t *testing.T) {
	for workload, bug := range map[string]string{"stream": fakestore.DropRecord, "watch": fakestore.TearWrite, "lease": fakestore.ExpireEarly,
		"multi-register": fakestore.HalfTxn} {
		t.Run(workload, func(t *testing.T) {
			dir, s := storedFake(t, workload, bug)
			again, err := s.Judge(t.Context(), checker.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if now, then := asJSON(t, again), asJSON(t, s.Stored.Verdict); now != then {
				t.Errorf("it was\n%s\nand is\n%s", then, now)
			}
			var page bytes.Buffer
			a, err := viewer.Analyze(os.DirFS(dir))
			if err == nil {
				_, err = a.WriteTo(&page)
			}
			if err != nil || page.Len() == 0 {
				t.Errorf("%d bytes of an analysis, %v", page.Len(), err)
			}
		})
	}
}

func asJSON(t *testing.T, v checker.Verdict) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
