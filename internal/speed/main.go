// Speed compares the processor time of faultline run in this tree with what it took at an earlier revision:
//
//	go run ./internal/speed [-before REVISION] [-pairs N] [-- FLAGS OF RUN]
//
// It is to be run where the tree is, a clone with that revision. Both programs are built, and run in turns on one core, where what else the machine
// does slows them down alike: so the ratio means something, and the seconds do not. It says what it finds and judges nothing.
package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	before := flag.String("before", "HEAD^", "the earlier `revision`, for git")
	pairs := flag.Int("pairs", 7, "how often each of the two is run")
	flag.Parse()
	run := flag.Args()
	if len(run) == 0 {
		run = []string{"--test-count", "4", "--workers", "1"}
	}
	switch err := compare(os.Stdout, *before, max(1, *pairs), run); {
	case errors.Is(err, errNoHistory):
		fmt.Println(err)
	case err != nil:
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

// errNoHistory means that there is nothing to compare with.
var errNoHistory = errors.New("no earlier revision is here, as in a shallow clone: nothing to compare with")

func compare(w io.Writer, revision string, pairs int, run []string) error {
	dir, err := os.MkdirTemp("", "faultline-speed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	commit, err := exec.Command("git", "rev-parse", "--verify", "--quiet", "--short", revision+"^{commit}").Output()
	if err != nil {
		return errNoHistory
	}
	earlier := filepath.Join(dir, "tree")
	if err := extract(strings.TrimSpace(string(commit)), earlier); err != nil {
		return err
	}
	programs := [2]string{filepath.Join(dir, "before"), filepath.Join(dir, "now")}
	for i, tree := range []string{earlier, "."} {
		if err := build(tree, programs[i]); err != nil {
			return err
		}
	}
	times, err := measure(programs, filepath.Join(dir, "runs"), pairs, run)
	if err != nil {
		return err
	}
	return times.report(w, strings.TrimSpace(string(commit)))
}

// extract writes the files of a commit below a directory.
func extract(commit, dir string) error {
	b, err := output(exec.Command("git", "archive", "--format=zip", commit))
	if err != nil {
		return err
	}
	files, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	return os.CopyFS(dir, files)
}

// build builds faultline. Without the paths of the tree in it, what has not changed since is in the go command's cache.
func build(tree, program string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", program, "./cmd/faultline")
	cmd.Dir = tree
	_, err := output(cmd)
	return err
}

// output runs a command. If it fails the error has what it said.
func output(cmd *exec.Cmd) ([]byte, error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	b, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, said.Bytes())
	}
	return b, nil
}

// measure runs the two programs in turns, the later one first in every other pair, in a directory that is emptied each time.
func measure(programs [2]string, dir string, pairs int, run []string) (times, error) {
	defer onOneCore()()
	var t times
	for pair := range pairs {
		var took [2]time.Duration
		for k := range programs {
			which := (k + pair) % 2
			cmd := exec.Command(programs[which], append([]string{"run"}, run...)...)
			cmd.Dir = dir
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return nil, err
			}
			_, err := output(cmd)
			if exit := new(exec.ExitError); errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 2) {
				err = nil // that is a verdict
			}
			if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
				return nil, err
			}
			took[which] = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() // of its worlds too
		}
		t = append(t, took)
	}
	return t, nil
}
