package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"faultline/checker/catalog"
	"faultline/checker/ladder"
	"faultline/checker/txn/models"
	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/internal/nearest"
	"faultline/internal/wording"
	"faultline/nemesis"
	"faultline/workloads"
)

// topic is something that list lists: for each kind of system or, if ofKind is nil, once.
type topic struct {
	name   string
	always func(w io.Writer)
	ofKind func(w io.Writer, k cluster.Kind)
	alone  func(w io.Writer, k cluster.Kind) // in more detail, where nothing else is listed
}

var topics = []topic{
	{name: "systems", always: listSystems},
	{name: "workloads", always: listWorkloads},
	{name: "faults", always: listFaults},
	{name: "models", always: listModels},
	{name: "consistency-models", always: listConsistencyModels},
	{name: "levels", ofKind: listLevels},
	{name: "errors", ofKind: listErrors},
	{name: "bugs", ofKind: listBugs, alone: explainBugs},
}

func topicNames() []string {
	var names []string
	for _, t := range topics {
		names = append(names, t.name)
	}
	return names
}

func newList() *cobra.Command {
	return &cobra.Command{
		Use:   "list [TOPIC] [SYSTEM]",
		Short: "List systems with their modes, errors and bugs, workloads, faults and models",
		Long: `List shows what there is to choose from: everything, one topic, or one system. The
topics are ` + strings.Join(topicNames(), ", ") + `.`,
		Example: `  faultline list levels
  faultline list bugs raftkv`,
		ValidArgsFunction: cobra.FixedCompletions(append(topicNames(), kindNames()...), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, kinds, err := listed(args)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			writeTopics(w, wanted, kinds)
			return w.Flush()
		},
	}
}

// listed are the topics and the kinds that arguments name. A kind alone stands for what is of it.
func listed(args []string) (wanted []topic, kinds []cluster.Kind, err error) {
	wanted, kinds = topics, cluster.Kinds()
	for i, arg := range args {
		t := slices.IndexFunc(topics, func(t topic) bool { return t.name == arg })
		k := slices.IndexFunc(cluster.Kinds(), func(k cluster.Kind) bool { return k.Name == arg })
		switch {
		case i == 2:
			return nil, nil, errors.New("list takes a topic and a system, and no more")
		case i == 0 && t >= 0:
			wanted = topics[t : t+1]
		case k >= 0 && len(kinds) == len(cluster.Kinds()):
			kinds = cluster.Kinds()[k : k+1]
		default:
			return nil, nil, fmt.Errorf("nothing to list is called %q; %s", arg, nearest.Hint(arg, append(topicNames(), kindNames()...), "there are"))
		}
	}
	if len(kinds) < len(cluster.Kinds()) {
		wanted = slices.DeleteFunc(slices.Clone(wanted), func(t topic) bool { return t.ofKind == nil })
	}
	if len(wanted) == 0 {
		return nil, nil, fmt.Errorf("%s are the same for all systems", args[0])
	}
	return wanted, kinds, nil
}

// writeTopics writes topics with an empty line between them.
func writeTopics(w io.Writer, wanted []topic, kinds []cluster.Kind) {
	var sections []func(io.Writer)
	for _, t := range wanted {
		if t.always != nil {
			sections = append(sections, t.always)
		}
	}
	for _, k := range kinds {
		for _, t := range wanted {
			write := t.ofKind
			if len(wanted) == 1 && t.alone != nil {
				write = t.alone
			}
			if write != nil {
				sections = append(sections, func(w io.Writer) { write(w, k) })
			}
		}
	}
	first := true
	for _, write := range sections {
		var b strings.Builder
		if write(&b); b.Len() > 0 && !first {
			fmt.Fprintln(w)
		}
		fmt.Fprint(w, b.String())
		first = first && b.Len() == 0
	}
}

// listSystems is the table of contents of the course: under each lecture the systems that are about it, and which others it has experiments with.
func listSystems(w io.Writer) {
	fmt.Fprintln(w, "Systems (--system: what is tested), by the lectures of docs/course.md")
	kinds := cluster.Kinds()
	about := func(l course.Lecture) func(cluster.Kind) bool {
		return func(k cluster.Kind) bool { return len(k.Lectures) > 0 && k.Lectures[0] == l }
	}
	for _, l := range course.Lectures() {
		fmt.Fprintln(w, l)
		listKinds(w, kinds, about(l))
		var others []string
		for _, k := range kinds {
			if slices.Contains(k.Lectures, l) && !about(l)(k) {
				others = append(others, k.Name)
			}
		}
		if len(others) > 0 {
			fmt.Fprintf(w, "  see also %s\n", wording.List(others, "and"))
		}
	}
	fmt.Fprintln(w, "Other stores")
	listKinds(w, kinds, func(k cluster.Kind) bool { return len(k.Lectures) == 0 })
}

// listKinds lists the kinds of which something holds.
func listKinds(w io.Writer, kinds []cluster.Kind, holds func(cluster.Kind) bool) {
	longest := 0
	for _, k := range kinds {
		longest = max(longest, len(k.Name))
	}
	for _, k := range kinds {
		if holds(k) {
			fmt.Fprintf(w, "  %-*s  %s\n", longest, k.Name, k.Doc)
		}
	}
}

func listWorkloads(w io.Writer) {
	fmt.Fprintln(w, "Workloads (--workload)")
	for _, i := range workloads.All() {
		fmt.Fprintf(w, "  %s\t%s%s\n", i.Name, i.Doc, also(i.Also))
	}
}

// also says what else something is called.
func also(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (also called " + strings.Join(names, ", ") + ")"
}

func listFaults(w io.Writer) {
	fmt.Fprintln(w, "Faults (--nemesis)")
	for _, f := range nemesis.AllFamilies() {
		fmt.Fprintf(w, "  %s\t%s%s\n", f.Name, f.Summary, also(f.Also))
	}
	for _, k := range cluster.Kinds() {
		if refused := refusedFamilies(k); len(refused) > 0 {
			fmt.Fprintf(w, "\nFaults that %s cannot suffer\n  %s\n", k.Name, strings.Join(refused, ", "))
		}
	}
}

func listModels(w io.Writer) {
	fmt.Fprintln(w, "Models (check --model)")
	for _, e := range catalog.All() {
		fmt.Fprintf(w, "  %s\t%s (%s)%s\n", e.Name, e.Doc, strings.Join(e.Operations(), ", "), also(e.Aliases))
		for _, o := range e.Options {
			fmt.Fprintf(w, "  \t  --model-option %s: %s\n", o.Name, o.Doc)
		}
	}
}

func listConsistencyModels(w io.Writer) {
	fmt.Fprintln(w, "Consistency models (--consistency-models, for registers)")
	for _, m := range ladder.Models() {
		fmt.Fprintf(w, "  %s\t%s\n", m.Name, m.Doc)
	}
	fmt.Fprintln(w, "\nIsolation levels (--consistency-models, for transactions)")
	for _, m := range models.All() {
		fmt.Fprintf(w, "  %s\t%s%s\n", m.Name, m.Doc, also(m.Also))
	}
}

func listLevels(w io.Writer, k cluster.Kind) {
	fmt.Fprintf(w, "%ss of %s (--%s)\n", strings.ToUpper(k.ModeNoun[:1])+k.ModeNoun[1:], k.Name, k.ModeFlag)
	for _, m := range k.Modes {
		fmt.Fprintf(w, "  %s\t%s; meant to be %s\n", m.Name, m.Doc, m.Claims)
	}
}

func listErrors(w io.Writer, k cluster.Kind) {
	if len(k.Errors) > 0 {
		fmt.Fprintf(w, "Errors of %s (what they mean for an operation)\n", k.Name)
	}
	for _, e := range k.Errors {
		meaning := "info"
		if e.Definite {
			meaning = "fail"
		}
		fmt.Fprintf(w, "  %s\t%s: %s\n", e.Name, meaning, e.Why)
	}
}

func listBugs(w io.Writer, k cluster.Kind) {
	if len(k.Bugs) > 0 {
		fmt.Fprintf(w, "Bugs of %s (--bug, planted)\n", k.Name)
	}
	for _, b := range k.Bugs {
		fmt.Fprintf(w, "  %s\t%s\n", b.Name, b.Summary)
	}
}

func explainBugs(w io.Writer, k cluster.Kind) {
	for _, b := range k.Bugs {
		fmt.Fprintf(w, "%s (%s, %s)\n  %s.\n  %s\n", b.Name, k.Name, b.File, b.Summary, b.Why)
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
