package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"faultline/internal/scripts"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	if os.Getenv("STARTED_AS_IT_IS") != "" {
		Main() // testscript would have it think that the shell had found it
	}
	testscript.Main(m, map[string]func(){"faultline": Main})
}

// The scripts are what the command line promises, and what a user could type.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": scripts.Exits, "await": await, "objects": objects, "printed": printed},
	})
}

// await waits until a file has so many lines: await FILE COUNT
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await file count")
	}
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	for {
		b, _ := os.ReadFile(ts.MkAbs(args[0])) // it may be still to come
		if bytes.Count(b, []byte("\n")) >= count {
			return
		}
		time.Sleep(time.Millisecond) // the script has a deadline
	}
}

// objects checks that a file has so many lines and each is a JSON object with these fields:
// objects FILE COUNT FIELD…
func objects(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: objects file count [field...]")
	}
	text := bytes.TrimSuffix([]byte(ts.ReadFile(args[0])), []byte("\n"))
	lines := bytes.Split(text, []byte("\n"))
	if strconv.Itoa(len(lines)) != args[1] {
		ts.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		var object map[string]any
		if err := json.Unmarshal(line, &object); err != nil {
			ts.Fatalf("line %d: %v", i+1, err)
		}
		for _, field := range args[2:] {
			if _, ok := object[field]; !ok {
				ts.Fatalf("line %d has no %s", i+1, field)
			}
		}
	}
}
