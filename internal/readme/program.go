package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is faultline, in a directory of its own where it keeps results.
type program struct {
	bin  string // the directory that it is in
	work string // where it is started
}

// build builds the program below a directory.
func build(ctx context.Context, dir string) (*program, error) {
	p := &program{bin: filepath.Join(dir, "bin"), work: filepath.Join(dir, "work")}
	if err := os.Mkdir(p.work, 0o755); err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(p.bin, "faultline"), "./cmd/faultline").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return p, nil
}

// command is a command line of a shell that finds the program.
func (p *program) command(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir = p.work
	cmd.Env = append(os.Environ(), "PATH="+p.bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return cmd
}

// run executes a command line, which must come to a verdict, and returns what it writes to standard output.
func (p *program) run(ctx context.Context, line string) (string, error) {
	fmt.Fprintln(os.Stderr, "$", line)
	cmd := p.command(ctx, line)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 2) {
		return "", fmt.Errorf("%s: %w\n%s", line, err, strings.TrimSpace(problems.String()))
	}
	if strings.Contains(problems.String(), " are over.") { // shrink has found less than it does on a quiet machine
		return "", fmt.Errorf("%s: its time was over: this machine is too busy", line)
	}
	return out.String(), nil
}

// write writes a file where the program is started.
func (p *program) write(name, text string) error {
	return os.WriteFile(filepath.Join(p.work, name), []byte(text), 0o644)
}
