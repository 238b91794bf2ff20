package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// list is a flag of names that are separated by commas. A flag that is given again adds its names to those given before: all
// of them count, once each. The first takes the place of the default.
type list struct {
	names []string
	given bool
}

// listOf is a list with a default, in the form that Set reads. An empty one has no names.
func listOf(text string) list {
	if text == "" {
		return list{}
	}
	return list{names: strings.Split(text, ",")}
}

// String is what Set reads as the same list.
func (l *list) String() string { return strings.Join(l.names, ",") }

// Set adds names.
func (l *list) Set(text string) error {
	if !l.given {
		l.names, l.given = nil, true
	}
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == "" {
			return errors.New("a name is missing")
		} else if !slices.Contains(l.names, name) {
			l.names = append(l.names, name)
		}
	}
	return nil
}

// Type is what the help calls the value.
func (l *list) Type() string { return "list" }

// listVar adds a flag that is a list.
func listVar(flags *pflag.FlagSet, l *list, name, usual, usage string) {
	*l = listOf(usual)
	flags.Var(l, name, usage)
}

// completeNames lets the shell complete the last name of a list.
func completeNames(cmd *cobra.Command, flag string, names []string) {
	// It fails only for a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before, last := typed[:strings.LastIndexByte(typed, ',')+1], typed[strings.LastIndexByte(typed, ',')+1:]
		var completed []string
		for _, name := range names {
			if strings.HasPrefix(name, last) {
				completed = append(completed, before+name)
			}
		}
		return completed, cobra.ShellCompDirectiveNoFileComp
	})
}
