// Command readme writes the samples and the pictures of README.md anew, so that they are what the program does and agree with
// each other:
//
//	go run -tags browser ./internal/readme
//
// It builds the program, executes the commands that README.md shows, in their order, and puts their output below them. With the
// tag browser it also takes the pictures in docs, of the same runs, with a Chromium that must be installed. Start it in the
// root of the module; it takes some minutes.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := write(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		stop()
		os.Exit(1)
	}
}

// pictures takes the pictures of a failing run and of a comparison into a directory. It is nil in a build without a browser.
var pictures func(ctx context.Context, p *program, run, comparison, into string) error

// write makes the samples, then the pictures, and stores them only if all of them could be made.
func write(ctx context.Context) error {
	const file = "README.md"
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "readme-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := build(ctx, dir)
	if err != nil {
		return err
	}
	s := &samples{program: p}
	updated, err := s.fill(ctx, string(text))
	if err != nil {
		return err
	}
	if pictures != nil {
		docs, err := filepath.Abs("docs")
		if err != nil {
			return err
		}
		if err := pictures(ctx, p, s.failed, "levels", docs); err != nil {
			return fmt.Errorf("take the pictures: %w", err)
		}
	}
	return os.WriteFile(file, []byte(updated), 0o644)
}
