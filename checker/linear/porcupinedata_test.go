package linear

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// readHistory reads a file of porcupine's own tests.
func readHistory(t *testing.T, name string) []history.Operation {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	if err != nil {
		t.Skipf("go list -m did not find porcupine's module: %v", err)
	}
	path := filepath.Join(strings.TrimSpace(string(dir)), "test_data", name)
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("porcupine's module has no test data: %v", err)
	}
	defer f.Close()
	s, err := history.Open(f, path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ops, err := history.Operations(h.Events)
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

// asPorcupineReads takes a failed cas for one that compared and found something else, which the logs do not say. Porcupine
// does, and its verdicts are to be compared.
func asPorcupineReads(ops []history.Operation) []history.Operation {
	for i := range ops {
		if op := &ops[i]; op.F == "cas" && op.Outcome == history.Fail && op.Reason() == "" {
			op.Answered(op.Node(), history.PreconditionFailed)
			op.Output = history.Value{}
		}
	}
	return ops
}

// The verdicts on Jepsen's etcd logs are those that porcupine's tests expect, and each invalid one has an
// explanation. Log 95 is empty.
func TestEtcdLogs(t *testing.T) {
	valid := []int{2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102}
	for n := range 103 {
		if n == 95 {
			continue
		}
		ops := asPorcupineReads(readHistory(t, fmt.Sprintf("jepsen/etcd_%03d.log", n)))
		part := Linearizable(CASRegister(), ops, checker.Options{})
		if want := validity(slices.Contains(valid, n)); part.Validity != want {
			t.Errorf("log %d is %v: %s; porcupine says %v", n, part.Validity, part.Reason, want)
		}
		if part.Validity == checker.Invalid {
			e := part.Findings[0]
			if len(e.Operations) == 0 {
				t.Errorf("log %d has no explanation", n)
			} else if len(e.Operations) > 25 {
				t.Logf("log %d: explained by %d operations", n, len(e.Operations))
			}
		}
	}
}

// The KV files are valid or not as their names say.
func TestKVFiles(t *testing.T) {
	for _, clients := range []string{"01", "10", "50"} {
		for _, name := range []string{"ok", "bad"} {
			ops := readHistory(t, "kv/c"+clients+"-"+name+".txt")
			part := Linearizable(KV(), ops, checker.Options{Timeout: 15 * time.Second})
			if want := validity(name == "ok"); part.Validity != want {
				t.Errorf("c%s-%s is %v: %s", clients, name, part.Validity, part.Reason)
			}
			for _, k := range part.Findings {
				t.Logf("c%s-%s: %s", clients, name, k)
				if len(k.Operations) > 0 {
					t.Logf("%d operations", len(k.Operations))
				}
			}
		}
	}
}
