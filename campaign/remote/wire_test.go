package remote

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/results"
	"faultline/world"
)

// A run comes to another machine as it is: what is stored of it is the same, to the last byte.
func TestARunIsCarried(t *testing.T) {
	spec := world.Spec{Seed: 3, TimeLimit: 4 * time.Second, Rate: 200, Concurrency: 5, Workload: "register", Mode: "leader",
		Nemesis: []string{"crash"}, Interval: time.Second, Clock: world.Virtual, Nodes: 3}
	in, err := trial.Draw(spec, "")
	if err != nil {
		t.Fatal(err)
	}
	in.Trace = true
	run, err := trial.Local{}.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	c, err := carry(run)
	if err != nil {
		t.Fatal(err)
	}
	message, err := pack(reply{Answers: []*answer{{Line: run.Line(), Run: c}}})
	if err != nil {
		t.Fatal(err)
	}
	var r reply
	if err := unpack(message, &r); err != nil {
		t.Fatal(err)
	}
	again, err := r.Answers[0].Run.trial()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, r := range map[string]*results.Run{"here": &run.Run, "there": &again.Run} {
		campaign, err := results.OpenCampaign(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := campaign.WriteRunAs("run", r); err != nil {
			t.Fatal(err)
		}
	}
	files := 0
	err = filepath.WalkDir(filepath.Join(dir, "here", "run"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(filepath.Join(dir, "here"), path)
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(dir, "there", name))
		if files++; string(got) != string(want) {
			t.Errorf("%s is another", name)
		}
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("%d files, %v", files, err)
	}
}
