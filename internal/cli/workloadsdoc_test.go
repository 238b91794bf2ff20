package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faultline/cluster"
	"faultline/workloads"
)

// What is between these lines in docs/workloads.md is made from the registry.
const (
	docsBegin = "<!-- made by: go test -run Documented ./internal/cli -update -->\n"
	docsEnd   = "<!-- until here -->\n"
)

// docs/workloads.md says of every workload what the registry says.
func TestWorkloadsAreDocumented(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "workloads.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(b), docsBegin)
	made, after, ends := strings.Cut(rest, docsEnd)
	if !begins || !ends {
		t.Fatalf("%s lacks one of the lines\n%s%s", path, docsBegin, docsEnd)
	}
	switch want := documentation(); {
	case made == want:
	case *update:
		if err := os.WriteFile(path, []byte(before+docsBegin+want+docsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what the registry says; make it again. It has\n%s", path, made)
	}
}

// documentation has a table of all workloads, and then a section for each.
func documentation() string {
	var b strings.Builder
	b.WriteString("\n| `--workload` | operations | in short |\n|---|---|---|\n")
	for _, w := range workloads.All() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", w.Name, w.Name, functionsOf(w), w.Doc)
	}
	for _, w := range workloads.All() {
		fmt.Fprintf(&b, "\n### %s\n\n", w.Name)
		if len(w.Also) > 0 {
			fmt.Fprintf(&b, "Also called %s. ", strings.Join(w.Also, ", "))
		}
		fmt.Fprintf(&b, "%s\n\n**What must hold.** %s\n\n**What breaks it.** %s%s\n\n```sh\n%s\n```\n", w.Clients, w.Holds, w.Breaks, planted(w), tryCommand(w))
	}
	b.WriteString("\n")
	return b.String()
}

// functionsOf are the operations of a workload, as a history has them. Those of two types of objects may have one name.
func functionsOf(w workloads.Info) string {
	var names []string
	for _, op := range w.Ops {
		if name := op[strings.LastIndex(op, ".")+1:]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// planted names the bugs that act on operations of a workload. The gallery has those of the first kind, and the page of another kind has its own.
func planted(w workloads.Info) string {
	var links []string
	for i, k := range cluster.Kinds() {
		for _, b := range k.Bugs {
			if len(b.Ops) > 0 && b.ActsOn(w.Ops) && k.Understand(w.Ops) == nil {
				page := k.Name + ".md"
				if i == 0 {
					page = "gallery.md#" + b.Name
				}
				links = append(links, fmt.Sprintf("[%s](%s)", b.Name, page))
			}
		}
	}
	if len(links) == 0 {
		return ""
	}
	return " Bugs to plant: " + strings.Join(links, ", ") + "."
}

// tryCommand runs a workload, on the first system that it can be run on.
func tryCommand(w workloads.Info) string {
	kinds := cluster.Kinds()
	i := slices.IndexFunc(kinds, func(k cluster.Kind) bool { return k.Understand(w.Ops) == nil })
	switch {
	case i < 0:
		return "faultline run --workload " + w.Name + " --system SYSTEM"
	case i == 0:
		return "faultline run --workload " + w.Name
	default:
		return "faultline run --workload " + w.Name + " --system " + kinds[i].Name
	}
}
