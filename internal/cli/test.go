package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"faultline/internal/gotest"
	"faultline/overlay"
)

func newTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test [flags of go test] [packages]",
		Short: "Run tests whose hosts live in a closed world",
		Long: `Test runs go test with an overlay of the standard library. A test that calls
faultline.World then has virtual time, a virtual network and simulated disks. All flags
are those of go test, and so are the output and the exit code. In addition:

  -seed N   run only that seed

The race detector cannot be used: it needs cgo, and has randomness of its own.`,
		Example: `  faultline test ./...
  faultline test -run '^TestLocks$' -v ./locks
  faultline test -seed 7 -run '^TestLocks$' ./locks`,
		DisableFlagParsing: true,
		ValidArgsFunction:  cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" }) {
				return cmd.Help()
			}
			return runTest(cmd, args)
		},
	}
}

// exited is the exit code of another program, which has said itself what is wrong. It is no error.
type exited int

func (e exited) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func runTest(cmd *cobra.Command, args []string) error {
	g, err := parseGoTest(args)
	if err != nil {
		return err
	}
	command, err := g.command(cmd.Context())
	if err != nil {
		return &failure{err}
	}
	command.Stdin, command.Stdout, command.Stderr = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	err = command.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return exited(exit.ExitCode())
	}
	if err != nil {
		return &failure{fmt.Errorf("go test: %w", err)}
	}
	return nil
}

// goTest is a command line of go test.
type goTest struct {
	dir  string   // -C, which has to stand first
	tags []string // -tags
	seed string   // ours; empty if it is not given
	rest []string
}

// ofCampaigns are flags of run that people would give who know Jepsen's command test.
var ofCampaigns = append([]string{"workload", "nemesis", "time-limit", "concurrency", "test-count", "node-count", "rate", "system"}, nodesInJepsen...)

// parseGoTest takes what concerns us from a command line. Behind -args all belongs to the test.
func parseGoTest(args []string) (g goTest, err error) {
	for len(args) > 0 {
		name, value, given := flagOf(args[0])
		takes := slices.Contains([]string{"C", "tags", "seed"}, name)
		switch {
		case name == "args":
			g.rest = append(g.rest, args...)
			return g, nil
		case slices.Contains(ofCampaigns, name):
			return g, fmt.Errorf("--%s is no flag of go test, by which this command runs tests: '%s run' runs a campaign", name, program)
		case name == "overlay":
			return g, errors.New("test has an overlay of its own, and the go command takes one: leave -overlay out")
		case slices.Contains([]string{"race", "msan", "asan"}, name) && (!given || value != "false"):
			return g, fmt.Errorf("-%s needs cgo and has randomness of its own, so no run in a world could be repeated: use it with go test, in tests that need no world", name)
		case takes && !given && len(args) == 1:
			return g, fmt.Errorf("-%s needs a value", name)
		case takes && !given:
			value, args = args[1], args[1:]
		}
		switch name {
		case "C":
			g.dir = value
		case "tags":
			g.tags = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		case "seed":
			if _, err := strconv.ParseUint(value, 10, 64); err != nil {
				return g, fmt.Errorf("-seed %s: give a whole number", value)
			}
			g.seed = value
		default:
			g.rest = append(g.rest, args[0])
		}
		args = args[1:]
	}
	return g, nil
}

// flagOf takes a flag apart, as package flag does. The name is empty if it is none.
func flagOf(arg string) (name, value string, given bool) {
	name, isFlag := strings.CutPrefix(arg, "-")
	if !isFlag {
		return "", "", false
	}
	return strings.Cut(strings.TrimPrefix(name, "-"), "=")
}

// command is go test with the overlay of the Go that it would build with.
func (g goTest) command(ctx context.Context) (*exec.Cmd, error) {
	installed, err := overlay.Installed(ctx, g.dir)
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("the overlay needs a place in the user's cache: %w", err)
	}
	file, err := overlay.Make(ctx, filepath.Join(cache, named), installed)
	if err != nil {
		return nil, err
	}
	args := []string{"test"}
	if g.dir != "" {
		args = append(args, "-C", g.dir)
	}
	args = append(args, "-overlay="+file, "-tags="+strings.Join(append(g.tags, overlay.Tag), ","))
	cmd := exec.CommandContext(ctx, "go", append(args, g.rest...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if g.seed != "" {
		cmd.Env = append(cmd.Env, gotest.SeedVariable+"="+g.seed)
	}
	return cmd, nil
}
