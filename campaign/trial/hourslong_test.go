//go:build long

package trial_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// Judging hours takes little memory: three hours are 2.7 million events, which take 0.7 GB as such and as operations.
func TestHoursAreJudgedInLittleMemory(t *testing.T) {
	spec := trialtest.Default()
	spec.TimeLimit = 3 * time.Hour
	in, err := trial.Draw(spec, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := trial.Local{Bounds: world.Bounds{Stall: 5 * time.Minute}, Check: checker.Options{Timeout: time.Minute}}.Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	most := mostResident(t)
	if v := run.Verdict; v.Validity != checker.Valid || run.History.Len() < 2_500_000 || most > 250<<20 {
		t.Errorf("%d events, at most %d MiB resident: %v: %s", run.History.Len(), most>>20, v.Validity, v.Reason)
	}
}

// mostResident is how much of this process was ever in memory at once, in bytes.
func mostResident(t *testing.T) (bytes int) {
	t.Helper()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if n, _ := fmt.Sscanf(s.Text(), "VmHWM: %d kB", &bytes); n == 1 {
			return bytes << 10
		}
	}
	t.Fatal("/proc/self/status does not say")
	return 0
}
