package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/cluster"
	"faultline/nemesis"
	"faultline/workloads"
)

func newList() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List systems with their modes, errors and bugs, workloads, faults and models",
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "Systems (--system: what is tested)")
			for _, k := range cluster.Kinds() {
				fmt.Fprintf(w, "  %s\t%s\n", k.Name, k.Doc)
			}
			fmt.Fprintln(w, "\nWorkloads (--workload)")
			for _, i := range workloads.All() {
				fmt.Fprintf(w, "  %s\t%s\n", i.Name, i.Doc)
			}
			fmt.Fprintln(w, "\nFaults (--nemesis)")
			for _, f := range nemesis.AllFamilies() {
				fmt.Fprintf(w, "  %s\t%s\n", f.Name, f.Summary)
			}
			fmt.Fprintln(w, "\nModels (check --model)")
			for _, m := range linear.Models() {
				fmt.Fprintf(w, "  %s\t%s\n", m.Name(), strings.Join(m.Functions(), ", "))
			}
			fmt.Fprintln(w, "\nConsistency models (--consistency-models, for registers)")
			for _, m := range ladder.Models() {
				fmt.Fprintf(w, "  %s\t%s\n", m.Name, m.Doc)
			}
			for _, k := range cluster.Kinds() {
				listKind(w, k)
			}
			return w.Flush()
		},
	}
	cmd.AddCommand(newListBugs())
	return cmd
}

// listKind lists what one kind of system has.
func listKind(w io.Writer, k cluster.Kind) {
	fmt.Fprintf(w, "\n%ss of %s (--%s)\n", strings.ToUpper(k.ModeNoun[:1])+k.ModeNoun[1:], k.Name, k.ModeFlag)
	for _, m := range k.Modes {
		fmt.Fprintf(w, "  %s\t%s; meant to be %s\n", m.Name, m.Doc, m.Claims)
	}
	if refused := refusedFamilies(k); len(refused) > 0 {
		fmt.Fprintf(w, "\nFaults that %s cannot suffer\n  %s\n", k.Name, strings.Join(refused, ", "))
	}
	if len(k.Errors) > 0 {
		fmt.Fprintf(w, "\nErrors of %s (what they mean for an operation)\n", k.Name)
	}
	for _, e := range k.Errors {
		meaning := "info"
		if e.Definite {
			meaning = "fail"
		}
		fmt.Fprintf(w, "  %s\t%s: %s\n", e.Name, meaning, e.Why)
	}
	if len(k.Bugs) > 0 {
		fmt.Fprintf(w, "\nBugs of %s (--bug, planted)\n", k.Name)
	}
	for _, b := range k.Bugs {
		fmt.Fprintf(w, "  %s\t%s\n", b.Name, b.Summary)
	}
}

// refusedFamilies are the families of faults that a kind of system cannot suffer.
func refusedFamilies(k cluster.Kind) []string {
	suffered := map[string]bool{}
	for _, f := range nemesis.Families(k.Suffers) {
		suffered[f.Name] = true
	}
	var names []string
	for _, f := range nemesis.AllFamilies() {
		if !suffered[f.Name] {
			names = append(names, f.Name)
		}
	}
	return names
}

func newListBugs() *cobra.Command {
	return &cobra.Command{
		Use:               "bugs",
		Short:             "List the planted bugs, with what each breaks",
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, k := range cluster.Kinds() {
				for _, b := range k.Bugs {
					fmt.Fprintf(cmd.OutOrStdout(), "%s (%s, %s)\n  %s.\n  %s\n", b.Name, k.Name, b.File, b.Summary, b.Why)
				}
			}
			return nil
		},
	}
}
