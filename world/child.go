package world

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand"
	"os"
	"runtime"
	"testing"
	"testing/synctest"

	"faultline/cluster"
	"faultline/cluster/guest"
	"faultline/world/internal/settle"
)

// childEnv marks the process of a world. Its working directory is the world's: nothing in it has a name
// that differs from run to run.
const childEnv = settle.Variable

// The files by which a world's process and its parent speak.
const (
	inputFile    = "input.json"
	outputFile   = "output.json"
	historyFile  = "history"
	nodesFile    = "nodes.jsonl" // how far each was
	turnsFile    = "turns"
	progressFile = "progress"
	refusedFile  = "refused" // why the system cannot be tested
)

// init keeps main on the process's first thread until Child has settled what other packages did.
func init() {
	if os.Getenv(childEnv) != "" {
		runtime.LockOSThread()
	}
}

// childAsked says that Child was called, so that this program can be the process of a world.
var childAsked bool

// Child runs the world and exits, if this process was started for one; else it returns at once.
func Child() {
	childAsked = true
	if os.Getenv(childEnv) == "" {
		return
	}
	settle.Again()
	runtime.UnlockOSThread()
	os.Args = os.Args[:1]
	// testing.Main is the way to a synctest bubble from a program that is no test.
	match := func(_, _ string) (bool, error) { return true, nil }
	testing.Main(match, []testing.InternalTest{{Name: "world", F: func(t *testing.T) {
		synctest.Test(t, func(*testing.T) { runWorld() })
	}}}, nil, nil)
}

// runWorld runs the test inside the bubble and ends the process from there: what is left of the cluster
// needs no shutdown, and a library that cannot shut down must not cost the history.
func runWorld() {
	in, err := readInput()
	if err == nil {
		// Raft draws its time-outs from there, and its init seeds it from crypto/rand.
		//lint:ignore SA1019 the library under test uses the global generator, so that is the one to seed
		mathrand.Seed(int64(in.Spec.Seed))
		err = conduct(in)
	}
	if err != nil {
		abandon(err)
	}
	os.Exit(0)
}

// abandon ends the process of a world that has no result, and tells why.
func abandon(err error) {
	fmt.Fprintln(os.Stderr, err)
	tellRefused(err)
	os.Exit(1)
}

// tellRefused tells the parent if the system cannot be tested. If that fails, the world is one that crashed.
func tellRefused(err error) {
	var refused *cluster.RefusedError
	if errors.As(err, &refused) {
		_ = os.WriteFile(refusedFile, []byte(refused.Reason), 0o600)
	}
}

func readInput() (Input, error) {
	var in Input
	b, err := os.ReadFile(inputFile)
	if err != nil {
		return in, err
	}
	return in, json.Unmarshal(b, &in)
}

func conduct(in Input) error {
	out, err := newReporter(".")
	if err != nil {
		return err
	}
	t, err := newTest(in, ".", out)
	if err != nil {
		return err
	}
	if in.Turns {
		finish, err := writeTurns()
		if err != nil {
			return err
		}
		defer finish()
	}
	r, err := t.run()
	if err != nil {
		return err
	}
	if err := out.close(); err != nil {
		return err
	}
	return r.write(".")
}

// writeTurns has the turns of guests written to a file. Finish writes the last of them.
func writeTurns() (finish func(), err error) {
	f, err := os.Create(turnsFile)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	guest.WriteTurns(w)
	return func() { _ = w.Flush() }, nil // what is missing shows as a difference
}
