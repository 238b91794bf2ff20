package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/cluster/bugs"
	"faultline/cluster/raftkv"
	"faultline/nemesis"
	"faultline/workloads"
)

func newList() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List workloads, faults, read levels, models, systems, errors and bugs",
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "Systems (what is tested)")
			fmt.Fprintln(w, "  raftkv\ta key-value store on hashicorp/raft and bbolt")
			fmt.Fprintln(w, "\nWorkloads (--workload)")
			for _, i := range workloads.All() {
				fmt.Fprintf(w, "  %s\t%s\n", i.Name, i.Doc)
			}
			fmt.Fprintln(w, "\nFaults (--nemesis)")
			for _, f := range nemesis.Families() {
				fmt.Fprintf(w, "  %s\t%s\n", f.Name, f.Summary)
			}
			fmt.Fprintln(w, "\nRead levels (--read)")
			for _, l := range raftkv.Levels() {
				fmt.Fprintf(w, "  %s\t%s; meant to be %s\n", l.Name, l.Doc, l.Claims)
			}
			fmt.Fprintln(w, "\nModels (check --model)")
			for _, m := range linear.Models() {
				fmt.Fprintf(w, "  %s\t%s\n", m.Name(), strings.Join(m.Functions(), ", "))
			}
			fmt.Fprintln(w, "\nConsistency models (--consistency-models, for registers)")
			for _, m := range ladder.Models() {
				fmt.Fprintf(w, "  %s\t%s\n", m.Name, m.Doc)
			}
			fmt.Fprintln(w, "\nErrors of the store (what they mean for an operation)")
			for _, o := range raftkv.Outcomes() {
				meaning := "info"
				if o.Definite {
					meaning = "fail"
				}
				fmt.Fprintf(w, "  %s\t%s: %s\n", o.Name, meaning, o.Why)
			}
			fmt.Fprintln(w, "\nBugs (--bug, planted)")
			printBugs(w)
			return w.Flush()
		},
	}
	cmd.AddCommand(newListBugs())
	return cmd
}

func printBugs(w io.Writer) {
	for _, b := range bugs.All() {
		fmt.Fprintf(w, "  %s\t%s\n", b.Name, b.Summary)
	}
}

func newListBugs() *cobra.Command {
	return &cobra.Command{
		Use:               "bugs",
		Short:             "List the planted bugs, with what each breaks",
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, b := range bugs.All() {
				fmt.Fprintf(cmd.OutOrStdout(), "%s (cluster/bugs/%s)\n  %s.\n  %s\n", b.Name, b.File, b.Summary, b.Why)
			}
			return nil
		},
	}
}
