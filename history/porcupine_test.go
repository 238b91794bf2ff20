package history

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// testData is the directory of histories that porcupine checks in its own tests.
func testData(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	if err != nil {
		t.Skipf("go list -m did not find porcupine's module: %v", err)
	}
	data := filepath.Join(strings.TrimSpace(string(dir)), "test_data")
	if _, err := os.Stat(data); err != nil {
		t.Skipf("porcupine's module has no test data: %v", err)
	}
	return data
}

// count streams a file and counts its operations: all of them, and those that are pending for ever.
func count(t *testing.T, path string, format Format) (operations, pending int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(bytes.NewReader(b), filepath.Base(path))
	if err != nil {
		t.Fatal(err)
	}
	if s.Format() != format {
		t.Errorf("%s is taken for %v", path, s.Format())
	}
	h, err := s.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ops, err := Operations(h.Events)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if invoked := bytes.Count(b, []byte(":invoke")); len(ops) != invoked {
		t.Errorf("%s has %d operations and %d were read", path, invoked, len(ops))
	}
	if s.Timed() || s.Tuples() {
		t.Errorf("%s: timed %t, tuples %t", path, s.Timed(), s.Tuples())
	}
	for _, op := range ops {
		if op.Outcome == Info {
			pending++
		}
	}
	return len(ops), pending
}

// The logs of Jepsen's etcd test. Number 95 is empty, and porcupine does not check it.
func TestJepsenLogsOfPorcupine(t *testing.T) {
	logs, err := filepath.Glob(filepath.Join(testData(t), "jepsen", "etcd_*.log"))
	if err != nil || len(logs) != 103 {
		t.Fatalf("%d logs were found instead of 103: %v", len(logs), err)
	}
	operations, pending := 0, 0
	for _, path := range logs {
		if filepath.Base(path) == "etcd_095.log" {
			if _, err := readAny(bytes.NewReader(nil)); err == nil || !strings.Contains(err.Error(), "empty") {
				t.Errorf("an empty file: %v", err)
			}
			continue
		}
		n, p := count(t, path, JepsenLog)
		operations, pending = operations+n, pending+p
	}
	if operations != 8523 || pending != 1283 {
		t.Errorf("%d operations, %d of them pending, instead of 8523 and 1283", operations, pending)
	}
}

func TestKVHistoriesOfPorcupine(t *testing.T) {
	data := testData(t)
	for name, want := range map[string]int{"c01-ok": 58, "c01-bad": 38, "c10-ok": 337, "c10-bad": 405, "c50-ok": 1712, "c50-bad": 2024} {
		n, pending := count(t, filepath.Join(data, "kv", name+".txt"), EDN)
		if n != want || pending != 0 {
			t.Errorf("%s: %d operations, %d of them pending, instead of %d and none", name, n, pending, want)
		}
	}
}
