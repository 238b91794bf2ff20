package faultline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"faultline/cluster/scheduler"
	"faultline/internal/gotest"
	"faultline/overlay"
	"faultline/world"
)

// World runs f in a closed world: in virtual time, with hosts of its own whose network, disks and clocks suffer what the test wants
// them to suffer. The same seed gives the same run, to the last byte. Tests that call it are run by the command faultline test,
// which takes what go test takes.
//
// Each world is a process of its own, this test program started again for this one test. There the test runs as it does
// here, up to this call, and f goes on with it; so f may use what the test has, and its W is that test. Nothing behind the
// call runs there. What f logs, and how it ends, is told here. Its environment has only what is the same everywhere.
//
// The environment variable FAULTLINE_SEED takes the place of the seed.
func World(t *testing.T, seed uint64, f func(w *W)) {
	t.Helper()
	if !scheduler.Built {
		t.Fatal("faultline: this test runs in a closed world, which needs a build of its own: run it by the command faultline test. " +
			"A file that begins with //go:build " + overlay.Tag + " is left out of go test")
	}
	if inside {
		t.Fatal("faultline: there is no world within a world")
	}
	id := identify(t)
	switch asked := os.Getenv(worldVariable); asked {
	case "":
		runInWorld(t, seed, id)
	case id:
		inside = true
		enter(t, f)
	}
}

// inside says that the world of this process has begun.
var inside bool

// Worlds runs f in n worlds, with the seeds from 1 on, each in a subtest with the name of its seed. Several run at once.
func Worlds(t *testing.T, n int, f func(w *W)) {
	t.Helper()
	first, last := uint64(1), uint64(n)
	if seed, asked := askedSeed(t); asked {
		first, last = seed, seed
	}
	if asked, ok := strings.CutPrefix(os.Getenv(worldVariable), t.Name()+"/"+seedPrefix); ok {
		number, _, _ := strings.Cut(asked, "#")
		first, _ = strconv.ParseUint(number, 10, 64) // a parent of this name has written it
		last = first
	}
	for seed := first; seed <= last; seed++ {
		t.Run(seedPrefix+strconv.FormatUint(seed, 10), func(t *testing.T) {
			if os.Getenv(worldVariable) == "" {
				t.Parallel()
			}
			World(t, seed, f)
		})
	}
}

const (
	// worldVariable says which world the process is to be.
	worldVariable = "FAULTLINE_TEST"
	// worldBegins is the line after which a process says what belongs to its world.
	worldBegins = "=== WORLD"
	seedPrefix  = "seed="
)

// askedSeed is the seed that the environment asks for; false if it asks for none. The process of a world has no such variable.
func askedSeed(t *testing.T) (seed uint64, asked bool) {
	t.Helper()
	seed, asked, err := gotest.Seed()
	if err != nil {
		t.Fatalf("faultline: %v", err)
	}
	return seed, asked
}

// calls counts how often each test has called World.
var calls struct {
	mu sync.Mutex
	of map[*testing.T]int
}

// identify names a call of World, by the test and which of its calls it is.
func identify(t *testing.T) string {
	calls.mu.Lock()
	defer calls.mu.Unlock()
	if calls.of == nil {
		calls.of = map[*testing.T]int{}
	}
	if calls.of[t] == 0 {
		t.Cleanup(func() {
			calls.mu.Lock()
			defer calls.mu.Unlock()
			delete(calls.of, t)
		})
	}
	calls.of[t]++
	return fmt.Sprintf("%s#%d", t.Name(), calls.of[t])
}

// ending is how f has ended in its process.
type ending struct {
	Failed  bool   `json:"failed"`
	Skipped bool   `json:"skipped"`
	Faults  string `json:"faults"` // that were carried out
}

// runInWorld has the world of a test run in a process of its own.
func runInWorld(t *testing.T, seed uint64, id string) {
	t.Helper()
	if other, asked := askedSeed(t); asked {
		seed = other
	}
	a := world.Again{Seed: seed, Output: &relay{to: t.Output()}, Env: []string{worldVariable + "=" + id}, Args: worldArgs(t)}
	left, err := a.Run(t.Context())
	var end ending
	if err == nil {
		err = json.Unmarshal(left, &end)
	}
	switch crash := (*world.CrashError)(nil); {
	case errors.Is(err, context.Canceled):
		t.Fatal("faultline: the test has ended before its world")
	case errors.As(err, &crash):
		reason, _, _ := strings.Cut(crash.Error(), ": === ") // what package testing says first tells nothing
		t.Fatalf("faultline: seed %d: %s%s", seed, reason, repeat(t.Name(), seed, end))
	case err != nil:
		t.Fatalf("faultline: seed %d: %v", seed, err)
	case end.Failed:
		t.Fatalf("faultline: seed %d failed%s", seed, repeat(t.Name(), seed, end))
	case end.Skipped:
		t.SkipNow()
	}
}

// repeat tells how to run a world again, and which faults there were.
func repeat(test string, seed uint64, end ending) string {
	text := fmt.Sprintf("\n\nagain   faultline test -seed %d %s-run '%s'\n", seed, gotest.Package(), gotest.Pattern(test))
	if end.Faults != "" {
		text += "faults  " + strings.ReplaceAll(strings.TrimSpace(end.Faults), "\n", "\n        ") + "\n"
	}
	return text
}

// worldArgs are the arguments of a process that is to run one test: those of its own that this one was given, and what package
// testing has to know.
func worldArgs(t *testing.T) []string {
	args := []string{"-test.run=" + gotest.Pattern(t.Name()), "-test.v=true", "-test.timeout=0"}
	if testing.Short() {
		args = append(args, "-test.short=true")
	}
	for _, arg := range os.Args[1:] {
		if !strings.HasPrefix(strings.TrimPrefix(arg, "-"), "-test.") && !strings.HasPrefix(arg, "-test.") {
			args = append(args, arg)
		}
	}
	return args
}

// relay passes on what the process of a world says from the moment at which the world begins.
type relay struct {
	to    io.Writer
	begun bool
	line  []byte // that has not ended
}

func (r *relay) Write(b []byte) (int, error) {
	r.line = append(r.line, b...)
	for {
		line, rest, whole := bytes.Cut(r.line, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		r.pass(string(line))
		r.line = append([]byte(nil), rest...)
	}
}

func (r *relay) pass(line string) {
	switch {
	case line == worldBegins:
		r.begun = true
	case !r.begun, strings.HasPrefix(line, "=== "): // package testing says which test it is
	default:
		fmt.Fprintln(r.to, strings.TrimPrefix(line, "    ")) // which package testing will put there again
	}
}
