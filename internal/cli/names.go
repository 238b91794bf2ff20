package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/results"
)

// aboutNames says how runs are named, in the help of commands that take one.
const aboutNames = `A run is named by its campaign and its seed, as in latest:4 for the run of seed 4 of the
latest campaign, or by its directory.`

// runDir is the directory of the run that an argument names.
func runDir(arg string) (string, error) {
	dir, err := results.FindRun(results.Root, arg)
	return dir, withCommand(err)
}

// runDirs are the directories of the runs that an argument names: those of a campaign, or one.
func runDirs(arg string) ([]string, error) {
	dirs, err := results.FindRuns(results.Root, arg)
	return dirs, withCommand(err)
}

// historyPath is where the history is that an argument names: the directory of a run, a file, or - for standard input. What is
// none of these is for whoever reads it to refuse.
func historyPath(arg string) (string, error) {
	if _, err := os.Stat(arg); err == nil || arg == "-" {
		return arg, nil
	}
	campaign, _, _ := strings.Cut(arg, ":")
	if _, err := results.FindCampaign(results.Root, campaign); err != nil {
		return arg, nil
	}
	return runDir(arg)
}

// withCommand adds to the error of a run that has no files the command that runs it again.
func withCommand(err error) error {
	var lost *results.NotKept
	if !errors.As(err, &lost) {
		return err
	}
	p, planErr := campaign.ReadPlan(lost.Campaign)
	if planErr != nil {
		return err
	}
	spec := p.Spec
	spec.Seed = lost.Line.Seed
	return fmt.Errorf("%w; run it again: %s", err, commandLine(spec, p.ScheduleFile))
}

// takesRun makes a command take one stored run.
func takesRun(cmd *cobra.Command) *cobra.Command {
	cmd.Long += "\n\n" + aboutNames
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes one run, such as latest:1", cmd.Name())
		}
		return nil
	}
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return cmd
}
