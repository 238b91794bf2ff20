//go:build long && linux

package cli

import (
	"context"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/recorded"
)

// No case takes longer than its time-out and 100 ms, as it is, as an unordered queue, and by consistency models, in addition to reading
// the file: what that takes is measured with next to no time for the check. It looks at the clock on the wall, and has to run alone:
//
//	go test -tags long -run CasesKeepTheirTime -v ./internal/cli
func TestCasesKeepTheirTime(t *testing.T) {
	const overrun = 100 * time.Millisecond
	worst := time.Duration(0)
	err := filepath.WalkDir("testdata/cases", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".expect") {
			return err
		}
		for _, o := range []recorded.Options{{}, {Model: "unordered-queue"}, {ConsistencyModels: ladder.Names()}} {
			for _, bound := range []time.Duration{50 * time.Millisecond, 200 * time.Millisecond} {
				excess := takes(t, path, o, bound) - takes(t, path, o, time.Millisecond) - bound
				if worst = max(worst, excess); excess > overrun {
					t.Errorf("%s with %+v is %v late", path, o, excess)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("at most %v late", worst)
}

// takes is how long a check takes, whatever comes of it: on the wall, or on the processor if that is less, as another process may have had it.
func takes(t *testing.T, path string, o recorded.Options, bound time.Duration) time.Duration {
	o.Check = checker.Options{Timeout: bound, SecondOpinion: checker.NoSecondOpinion}
	runtime.GC() // what came before is not to be collected meanwhile
	begin, worked := time.Now(), processor(t)
	_, _ = recorded.Check(context.Background(), path, o)
	return min(time.Since(begin), processor(t)-worked)
}

// processor is the time that this process has spent on processors.
func processor(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
