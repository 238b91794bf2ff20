package powerloss

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"faultline/overlay"
)

// built is the test of the package in this directory, built with the overlay, and not run from anywhere else.
func built(ctx context.Context, file string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("find a directory for the overlay: %w", err)
	}
	installed, err := overlay.Installed(ctx, ".")
	if err != nil {
		return err
	}
	replaced, err := overlay.Make(ctx, filepath.Join(cache, "faultline", "overlay"), installed)
	if err != nil {
		return fmt.Errorf("make the overlay of the standard library: %w", err)
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay="+replaced, "-tags="+tags(), "-o", file, ".")
	// The overlay is for the Go that is installed, and not for one that the go command would call in its place.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOTOOLCHAIN="+installed.Version)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build the test with the overlay: %w\n%s", err, bytes.TrimSpace(complaint.Bytes()))
	}
	return nil
}

// tags are those that this test was built with, and the overlay's.
func tags() string {
	all := overlay.Tag
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-tags" {
				all += "," + s.Value
			}
		}
	}
	return all
}

// What a guest is to do is in its environment: the seed, the first transaction, and how many there are.
const taskVariable = "FAULTLINE_POWERLOSS"

// What a guest says, each with a number: a line of its output.
const (
	began        = "powerloss begins"
	acknowledged = "powerloss acknowledges"
	failed       = "powerloss fails" // with an error in place of the number
	finished     = "powerloss ends"
)

func task(seed uint64, first, count int) string {
	return fmt.Sprintf("%s=%d %d %d", taskVariable, seed, first, count)
}

// liveAsGuest runs a life, and ends the process, if this is a guest's.
func liveAsGuest(c Config) {
	text := os.Getenv(taskVariable)
	if text == "" {
		return
	}
	var seed uint64
	var first, count int
	_, err := fmt.Sscan(text, &seed, &first, &count)
	if err == nil {
		err = liveInDirectory(c, newWorkload(seed), first, count)
	}
	if err != nil {
		fmt.Println(failed, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	fmt.Println(finished, 0)
	os.Exit(0)
}

func liveInDirectory(c Config, w *workload, first, count int) error {
	s, err := c.InDirectory(".")
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	return live(s, w, first, count,
		func(n int) { fmt.Println(began, n) },
		func(n int) { fmt.Println(acknowledged, n) })
}

// heard is told a line that a guest has printed. It returns the error that the guest tells of.
func (l *life) heard(line string) (ended bool, err error) {
	n := 0
	switch {
	case strings.HasPrefix(line, began):
		_, err = fmt.Sscan(line[len(began):], &n)
		l.begin(n)
	case strings.HasPrefix(line, acknowledged):
		_, err = fmt.Sscan(line[len(acknowledged):], &n)
		l.acknowledge(n)
	case strings.HasPrefix(line, failed):
		err = errors.New(strings.TrimSpace(line[len(failed):]))
	case strings.HasPrefix(line, finished):
		ended = true
	}
	return ended, err
}
