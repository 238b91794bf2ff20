package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"faultline/checker"
	"faultline/cluster/raftkv"
	"faultline/nemesis"
	"faultline/workloads"
)

func newList() *cobra.Command {
	return &cobra.Command{
		Use:               "list",
		Short:             "List workloads, faults, read levels, models, systems and errors",
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
			for _, m := range checker.Models() {
				fmt.Fprintf(w, "  %s\t%s\n", m.Name(), strings.Join(m.Functions(), ", "))
			}
			fmt.Fprintln(w, "\nErrors of the store (what they mean for an operation)")
			for _, o := range raftkv.Outcomes() {
				meaning := "info"
				if o.Definite {
					meaning = "fail"
				}
				fmt.Fprintf(w, "  %s\t%s: %s\n", o.Name, meaning, o.Why)
			}
			return w.Flush()
		},
	}
}
