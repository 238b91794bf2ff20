package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

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

// kindOf is the kind of system that a command line is about, by its flag --system. It is needed before flags are parsed, as
// each kind has flags of its own. The word that a shell asks to complete is not said yet.
func kindOf(args []string) (cluster.Kind, error) {
	const flag = "--system"
	name := ""
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		args = args[:len(args)-1]
	}
	for i, arg := range args {
		switch value, given := strings.CutPrefix(arg, flag+"="); {
		case arg == "--":
			return cluster.KindByName(name)
		case given:
			name = value
		case arg == flag && i+1 < len(args):
			name = args[i+1]
		}
	}
	return cluster.KindByName(name)
}
