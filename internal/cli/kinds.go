package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"faultline/campaign/compare"
	"faultline/cluster"
	"faultline/cluster/foreign/description"
	_ "faultline/cluster/kinds" // which registers them
)

func kindNames() []string {
	var names []string
	for _, k := range cluster.Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// chosen is the flag that chooses a kind, in an example; empty if it needs none.
func chosen(kind cluster.Kind) string {
	if first, _ := cluster.KindByName(""); first.Name == kind.Name {
		return ""
	}
	return " --system " + shellQuote(kind.Argument)
}

// whereSystemsAre is the command that helps with an error about the choice of a system.
func whereSystemsAre(err error) string {
	if wrong := new(description.Error); errors.As(err, &wrong) {
		return "systems example"
	}
	return "list"
}

// systemsOf are the kinds of systems that a command line is about, by its flag --system. They are needed before flags are parsed, as
// each kind has flags of its own. Several are separated by commas, unless it all is the name of a file.
func systemsOf(args []string) (compare.Systems, error) {
	name := systemFlag(args)
	kind, err := cluster.KindByName(name)
	if err == nil || !strings.Contains(name, ",") {
		return compare.Systems{kind}, err
	}
	var all compare.Systems
	for one := range strings.SplitSeq(name, ",") {
		if kind, err = cluster.KindByName(strings.TrimSpace(one)); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(k cluster.Kind) bool { return k.Name == kind.Name }) {
			return nil, fmt.Errorf("system %s is there twice; modes of one system are compared by --levels", kind.Name)
		}
		all = append(all, kind)
	}
	return all, nil
}

// systemFlag is the value of --system. The word that a shell asks to complete is not said yet.
func systemFlag(args []string) string {
	const flag = "--system"
	name := ""
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		args = args[:len(args)-1]
	}
	for i, arg := range args {
		switch value, given := strings.CutPrefix(arg, flag+"="); {
		case arg == "--":
			return name
		case given:
			name = value
		case arg == flag && i+1 < len(args):
			name = args[i+1]
		}
	}
	return name
}
