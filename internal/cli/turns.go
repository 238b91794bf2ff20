package cli

import (
	"bytes"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"faultline/world"
)

func newTurns() *cobra.Command {
	var times, memory int
	cmd := &cobra.Command{
		Use:    "turns RUN",
		Hidden: true, // from those who test stores
		Short:  "Find where runs of one world part that should be the same",
		Long: `Turns runs the world of a stored run several times, records every turn of its guests,
and shows the first one that is not the same each time. It is for developers of
Faultline.

What a node hears comes from the world: if that differs, the world has diverged. If a
node has heard the same and says something else, the node has. The numbers at the end of
its turns then tell since when: how often its scheduler has run a goroutine, the state
of its generator, the size of its heap.`,
		Example: "  faultline turns latest:4 --times 20",
		RunE: func(cmd *cobra.Command, args []string) error {
			bounds, err := bounds(memory)
			if err != nil {
				return err
			}
			if times < 2 {
				return fmt.Errorf("--times %d: give 2 or more, as they are compared", times)
			}
			run, err := openRun(cmd, args[0], "")
			if err != nil {
				return err
			}
			return compareTurns(cmd, run.Input, bounds, times)
		},
	}
	cmd.Flags().IntVar(&times, "times", 10, "how often the world is run")
	cmd.Flags().IntVar(&memory, "memory", defaultMemory, "how large the world may grow, in MiB")
	return takesRun(cmd)
}

// compareTurns runs a world several times, and compares the turns of each with those of the first.
func compareTurns(cmd *cobra.Command, in world.Input, b world.Bounds, times int) error {
	in.Turns = true
	var first []byte
	for i := range times {
		r, err := world.Run(cmd.Context(), in, b)
		switch {
		case err != nil:
			return &failure{err}
		case len(r.Turns) == 0:
			return fmt.Errorf("the nodes of %s are no programs of their own, so there are no turns to compare", in.Spec.System)
		case i == 0:
			first = r.Turns
		case !bytes.Equal(first, r.Turns):
			printParting(cmd.OutOrStdout(), i+1, first, r.Turns)
			return verdict(1)
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "SAME: %d runs, %d lines of turns each\n", times, bytes.Count(first, []byte("\n")))
	return nil
}

// before is how many lines are shown that are still the same.
const before = 5

// printParting shows where two runs part.
func printParting(w io.Writer, number int, first, other []byte) {
	a, b := bytes.SplitAfter(first, []byte("\n")), bytes.SplitAfter(other, []byte("\n"))
	at := 0
	for at < min(len(a), len(b)) && bytes.Equal(a[at], b[at]) {
		at++
	}
	fmt.Fprintf(w, "PARTED: run 1 and run %d, at line %d\n", number, at+1)
	for _, line := range a[max(0, at-before):at] {
		fmt.Fprintf(w, "         %s", line)
	}
	for _, side := range []struct {
		name  string
		lines [][]byte
	}{{"run 1", a}, {fmt.Sprintf("run %d", number), b}} {
		for _, line := range side.lines[min(at, len(side.lines)):min(at+before, len(side.lines))] {
			fmt.Fprintf(w, "  %-6s %s", side.name, line)
		}
	}
}
