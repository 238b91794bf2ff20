package results

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faultline/checker"
)

// namedCampaign is a campaign of five runs below root: 1 and 5 are valid, 2, 3 and 4 invalid, and the files of 4 and 5 are not kept.
// A run was made of 2 that is smaller.
func namedCampaign(t *testing.T, root, name string) (dir string, runs []string) {
	t.Helper()
	dir = filepath.Join(root, name)
	runs = []string{"20261128T101112.000Z-1", "20261128T101113.000Z-2", "20261128T101113.001Z-3"}
	for _, run := range append(slices.Clone(runs), "20261128T101113.000Z-2-shrunk") {
		writeFile(t, filepath.Join(dir, run, "verdict.json"), "{}")
	}
	var record strings.Builder
	for i, verdict := range []checker.Validity{checker.Valid, checker.Invalid, checker.Invalid, checker.Invalid, checker.Valid} {
		l := Line{Seed: uint64(i + 1), Verdict: verdict}
		if i < len(runs) {
			l.Dir = runs[i]
		}
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		record.Write(append(b, '\n'))
	}
	writeFile(t, filepath.Join(dir, "campaign.jsonl"), record.String())
	writeFile(t, filepath.Join(dir, "campaign.json"), "{}")
	if err := pointLatest(root, name); err != nil {
		t.Fatal(err)
	}
	return dir, runs
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNamesOfRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, runs := namedCampaign(t, Root, "x")
	for name, want := range map[string]string{
		"x:2":               runs[1],
		"latest:3":          runs[2],
		dir + ":1":          runs[0],
		"x:2-shrunk":        runs[1] + "-shrunk",
		"x:" + runs[2]:      runs[2],
		dir + "/" + runs[1]: runs[1],
	} {
		if got, err := FindRun(Root, name); err != nil || got != filepath.Join(dir, want) {
			t.Errorf("%s is %s, %v", name, got, err)
		}
	}
	for run, want := range map[string]string{runs[1]: "x:2", runs[1] + "-shrunk": "x:2-shrunk"} {
		if got := NameOf(Root, filepath.Join(dir, run)); got != want {
			t.Errorf("%s is called %s", run, got)
		}
	}
}

// What is no run says what would be one, in the form to type.
func TestNamesOfNoRun(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, _ := namedCampaign(t, Root, "x")
	for name, want := range map[string]string{
		"latest":  "latest is a campaign, and one run is needed; its invalid runs are latest:2, latest:3",
		dir:       dir + " is a campaign, and one run is needed; its invalid runs are " + dir + ":2, " + dir + ":3",
		"x:9":     "x has no run 9; its invalid runs are x:2, x:3",
		"y:9":     "there is no campaign y in " + Root + "; there are x",
		"x:5":     "the files of seed 5 of x, which is valid, were not kept",
		"nowhere": "there is no stored run at nowhere",
	} {
		_, err := FindRun(Root, name)
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
		var lost *NotKept
		if errors.As(err, &lost) != (name == "x:5") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A campaign of a single run stands for it, and where several are taken for all that were kept.
func TestCampaignsStandForTheirRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, runs := namedCampaign(t, Root, "x")
	got, err := FindRuns(Root, "latest")
	if want := []string{filepath.Join(dir, runs[0]), filepath.Join(dir, runs[1]), filepath.Join(dir, runs[2])}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	record := readText(t, filepath.Join(dir, "campaign.jsonl"))
	first, _, _ := strings.Cut(record, "\n")
	writeFile(t, filepath.Join(dir, "campaign.jsonl"), first+"\n")
	if got, err := FindRun(Root, "latest"); err != nil || got != filepath.Join(dir, runs[0]) {
		t.Errorf("%s, %v", got, err)
	}
}

// The runs of a comparison, or of a test, have no record and are told apart by their directories.
func TestNamesOfRunsWithoutARecord(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, run := range []string{"20261128T101112.000Z-1", "20261128T101113.000Z-1", "20261128T101113.000Z-2"} {
		writeFile(t, filepath.Join(Root, "c", run, "verdict.json"), "{}")
	}
	if got, err := FindRun(Root, "c:2"); err != nil || filepath.Base(got) != "20261128T101113.000Z-2" {
		t.Errorf("%s, %v", got, err)
	}
	_, err := FindRun(Root, "c:1")
	if want := "c:1 may be any of c:20261128T101112.000Z-1, c:20261128T101113.000Z-1"; err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	dir := filepath.Join(Root, "c", "20261128T101112.000Z-1")
	if got := NameOf(Root, dir); got != dir {
		t.Errorf("it is called %s", got)
	}
}

func TestNamesOfCampaigns(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, _ := namedCampaign(t, Root, "x")
	for _, name := range []string{"x", "latest", dir, filepath.Join(Root, "latest")} {
		if got, err := FindCampaign(Root, name); err != nil || got != dir {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"tset", "", "..", "."} {
		if got, err := FindCampaign(Root, name); err == nil || !strings.Contains(err.Error(), "; there are x") {
			t.Errorf("%q is %q, %v", name, got, err)
		}
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
