package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"faultline/overlay"
)

// toolchain is a go command.
type toolchain struct {
	version string // such as go1.26.0
	overlay string // the file for -overlay
	own     bool   // it builds modules of the user's, as the user's settings say
	cgo     bool   // it lists what uses cgo, which is never built
}

// users is the go command for modules of the user's own.
func (g *toolchain) users() *toolchain {
	other := *g
	other.own = true
	return &other
}

// env is the environment of the go command. The settings of the user do not concern modules that are generated here.
func (g *toolchain) env() []string {
	// The overlay is for the Go that is installed, and not for one that the go command would call in its place.
	env := append(os.Environ(), "CGO_ENABLED=0", "GOTOOLCHAIN="+g.version)
	if g.cgo {
		env = append(env, "CGO_ENABLED=1")
	}
	if !g.own {
		env = append(env, "GOWORK=off", "GOFLAGS=-buildvcs=false")
	}
	return env
}

// build builds a package of the module in a directory. Names of files in the program do not depend on the machine.
func (g *toolchain) build(ctx context.Context, dir, file string, tags []string, args ...string) error {
	all := append([]string{"build", "-overlay=" + g.overlay, "-tags=" + strings.Join(append(overlay.Tags(), tags...), ","),
		"-trimpath", "-buildvcs=false", "-ldflags=-w", "-o", file}, args...)
	if _, err := g.run(ctx, dir, all...); err != nil {
		return g.explained(ctx, dir, tags, args[len(args)-1], err)
	}
	return nil
}

// run runs the go command in a directory and returns what it printed. The error has what it complained of.
func (g *toolchain) run(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, g.env()
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil && complaint.Len() > 0:
		return "", fmt.Errorf("go %s says\n%s", args[0], bytes.TrimRight(complaint.Bytes(), "\n"))
	case err != nil:
		return "", fmt.Errorf("go %s: %w", args[0], err)
	}
	return out.String(), nil
}
