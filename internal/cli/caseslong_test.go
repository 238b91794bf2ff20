//go:build long

package cli

import (
	"context"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/recorded"
)

// No case takes longer than its time-out and 100 ms, as it is, as an unordered queue, and by consistency models, with all that a check does:
// reading the file and the second opinion included. It looks at the clock on the wall, has to run alone, and tries once more what was
// late, as another process may have had the processor:
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
				excess := takes(path, o, bound) - bound
				if excess > overrun {
					excess = takes(path, o, bound) - bound
				}
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

// takes is how long a check takes, whatever comes of it.
func takes(path string, o recorded.Options, bound time.Duration) time.Duration {
	o.Check = checker.Options{Timeout: bound}
	runtime.GC() // what came before is not to be collected meanwhile
	begin := time.Now()
	_, _ = recorded.Check(context.Background(), path, o)
	return time.Since(begin)
}
