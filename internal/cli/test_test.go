package cli

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
)

// What is go test's is passed on as it stands, wherever ours stands between.
func TestGoTestFlags(t *testing.T) {
	for line, want := range map[string]goTest{
		"./...":                            {rest: []string{"./..."}},
		"-run X -v ./a":                    {rest: []string{"-run", "X", "-v", "./a"}},
		"-C dir -tags a,b -seed=7 ./a":     {dir: "dir", tags: []string{"a", "b"}, seed: "7", rest: []string{"./a"}},
		"--seed 7 -race=false ./a":         {seed: "7", rest: []string{"-race=false", "./a"}},
		"./a -args -race -seed x -nodes 3": {rest: []string{"./a", "-args", "-race", "-seed", "x", "-nodes", "3"}},
	} {
		if got, err := parseGoTest(strings.Fields(line)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
}

func TestGoTestWithoutGo(t *testing.T) {
	t.Setenv("PATH", "")
	var out, errOut bytes.Buffer
	if code := execute(context.Background(), []string{"test", "./..."}, &out, &errOut); code != exitInternal {
		t.Errorf("exit code %d", code)
	}
	if !strings.HasPrefix(errOut.String(), "faultline: there is no go command: install Go from https://go.dev/dl") {
		t.Error(errOut.String())
	}
}

// A world with the overlay is built by the go command.
func TestOverlayWithoutGo(t *testing.T) {
	t.Setenv("PATH", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var out, errOut bytes.Buffer
	if code := execute(context.Background(), []string{"run", "--overlay"}, &out, &errOut); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if !strings.HasPrefix(errOut.String(), "faultline: there is no go command: install Go from https://go.dev/dl") {
		t.Error(errOut.String())
	}
}
