package faultline_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"faultline"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

// The store that comes with Faultline is linearizable at its default read level.
func TestAValidStore(t *testing.T) {
	faultline.Test(t, faultline.Spec{TimeLimit: 4 * time.Second}, faultline.Seeds(3), faultline.Results(t.TempDir()))
}

// plantedEnv has TestPlanted run, which fails: other tests start this program with it, as a user would.
const plantedEnv = "FAULTLINE_TEST_PLANTED"

func TestPlanted(t *testing.T) {
	if os.Getenv(plantedEnv) == "" {
		t.Skip("it fails; it is there for other tests")
	}
	faultline.Test(t, faultline.Spec{Bug: "follower-reads", TimeLimit: 4 * time.Second}, faultline.Seeds(5))
}

// planted runs TestPlanted with some more environment, and returns what it printed.
func planted(t *testing.T, env ...string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestPlanted$", "-test.v")
	cmd.Env = append(append(os.Environ(), plantedEnv+"=1"), env...)
	out, _ := cmd.CombinedOutput() // it fails, which is what is looked at
	return string(out)
}

// A failure says what is wrong, shows it, and tells how to run it again; what it tells does so, to the last byte.
func TestAFailureCanBeRepeated(t *testing.T) {
	results := t.TempDir()
	out := planted(t, "FAULTLINE_RESULTS="+results)
	for _, want := range []string{"--- FAIL: TestPlanted", "is invalid: ", " keys are not linearizable; ", "cause   n", "|--|", "go test faultline -run '^TestPlanted$'"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	sentence := regexp.MustCompile(`(?m)seed (\d+) is invalid: .*$`).FindStringSubmatch(out)
	replay := regexp.MustCompile(`FAULTLINE_REPLAY=\S+`).FindString(out)
	if sentence == nil || !strings.HasPrefix(replay, "FAULTLINE_REPLAY="+results) {
		t.Fatalf("no way to run it again in\n%s", out)
	}
	if again := planted(t, "FAULTLINE_SEED="+sentence[1], "FAULTLINE_RESULTS="+t.TempDir()); !strings.Contains(again, sentence[0]) {
		t.Errorf("by its seed it is not\n%s\nbut\n%s", sentence[0], again)
	}
	for _, name := range []string{replay, "FAULTLINE_REPLAY=TestPlanted:" + sentence[1]} {
		again := planted(t, name, "FAULTLINE_RESULTS="+results)
		if !strings.Contains(again, "to the last byte") || !strings.Contains(again, sentence[0]) {
			t.Errorf("%s: replayed it is\n%s", name, again)
		}
	}
}

// What is wrong with a spec or the environment is said before anything is run.
func TestBadInput(t *testing.T) {
	for env, want := range map[string]string{
		"FAULTLINE_SEED=seven":      "FAULTLINE_SEED=seven: give a whole number",
		"FAULTLINE_REPLAY=/no/such": "there is no stored run at /no/such",
	} {
		if out := planted(t, env); !strings.Contains(out, want) {
			t.Errorf("%s: %q is not in\n%s", env, want, out)
		}
	}
}
