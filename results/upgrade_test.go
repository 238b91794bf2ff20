package results

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"faultline/checker"
)

const oldRun = "testdata/format1/linearizable"

// Runs that the version before stored are read: what it called a key is a finding on it.
func TestRunsOfVersion1AreRead(t *testing.T) {
	r, err := ReadRun(oldRun)
	if err != nil {
		t.Fatal(err)
	}
	p := r.Verdict.Parts[0]
	if p.Name != checker.LinearizablePart || p.Objects != 2 || len(p.Findings) != 2 || r.Verdict.Kind() != "linearizable" {
		t.Fatalf("%+v", p)
	}
	f := p.Findings[0]
	if f.Rule != "linearizable" || f.On != "k1" || f.Validity != checker.Invalid || f.Total == 0 || len(f.Operations) == 0 ||
		!strings.Contains(f.Sentence, "began after") || f.Picture == "" {
		t.Errorf("%+v", f)
	}
	if r.Ending.Virtual != 0 || r.Violations != nil {
		t.Errorf("version 1 did not store how it ended, and it is %+v", r.Ending)
	}
	stored, err := Inspect(os.DirFS(oldRun))
	if err != nil || !reflect.DeepEqual(stored.Verdict, r.Verdict) {
		t.Errorf("inspected: %+v, %v", stored, err)
	}
}

// A run of version 1 that is written again is one of this version, and says the same.
func TestRunsOfVersion1AreWrittenAnew(t *testing.T) {
	then, err := ReadRun(oldRun)
	if err != nil {
		t.Fatal(err)
	}
	now, err := ReadRun(keep(t, openCampaign(t), then))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(now.Verdict, then.Verdict) {
		t.Errorf("%+v became %+v", then.Verdict, now.Verdict)
	}
}

// Where consistency models were asked for, version 1 had them in place of keys.
func TestModelsOfVersion1AreRules(t *testing.T) {
	v, err := ReadVerdict("testdata/format1/consistency")
	if err != nil {
		t.Fatal(err)
	}
	p := v.Parts[0]
	if p.Name != checker.ConsistencyPart || p.Objects != 0 || len(p.Findings) == 0 {
		t.Fatalf("%+v", p)
	}
	for _, f := range p.Findings {
		if f.On != "" || f.Rule == "" || f.Anomaly == "" || len(f.Operations) == 0 || strings.HasPrefix(f.Sentence, f.Anomaly) {
			t.Errorf("%+v", f)
		}
	}
	if p.Findings[0].Kind() != "causal: WriteCORead" {
		t.Errorf("the first is %s", p.Findings[0].Kind())
	}
}
