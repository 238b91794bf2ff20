package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/checker/catalog"
	"faultline/cluster"
	"faultline/internal/nearest"
)

// mind makes a command, and those below it, mind their words: what is misspelled is an error that says
// what was probably meant. It goes for cobra's own commands too, which would print help and succeed.
func mind(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	root.SetFlagErrorFunc(flagError)
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args, cmd.RunE = cobra.ArbitraryArgs, missingCommand
			for _, shell := range cmd.Commands() {
				shell.Args = noArgs
			}
		case "help":
			show := cmd.Run
			cmd.RunE = func(cmd *cobra.Command, args []string) error {
				if topic, rest, err := root.Find(args); err != nil || len(rest) > 0 {
					return missingCommand(topic, rest)
				}
				show(cmd, args)
				return nil
			}
		}
	}
	root.Args, root.RunE = cobra.ArbitraryArgs, func(cmd *cobra.Command, args []string) error {
		if asked, _ := cmd.Flags().GetBool("version"); asked {
			printVersion(cmd.OutOrStdout())
			return nil
		}
		return missingCommand(cmd, args)
	}
}

// missingCommand is what a command does that cannot do anything by itself.
func missingCommand(cmd *cobra.Command, args []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	switch {
	case len(names) == 0:
		return fmt.Errorf("%s has no commands below it, such as %q", cmd.Name(), args[0])
	case len(args) == 0:
		return errors.New("a command is missing; there are " + strings.Join(names, ", "))
	default:
		return fmt.Errorf("unknown command %q; %s", args[0], nearest.Hint(args[0], names, "there are"))
	}
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes flags only, and not %q", cmd.Name(), args[0])
	}
	return nil
}

// flagError says what is wrong with a flag, and what was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &bare):
		return fmt.Errorf("--%s needs a value", bare.GetFlag().Name)
	case errors.As(err, &bad) && errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("--%s %s: the number is too large", bad.GetFlag().Name, bad.GetValue())
	case errors.As(err, &bad):
		return fmt.Errorf("--%s %s: give %s", bad.GetFlag().Name, bad.GetValue(), wanted(bad))
	default:
		return err
	}
}

// isModeFlag reports whether some kind's mode is chosen by a flag of that name.
func isModeFlag(name string) bool {
	return slices.ContainsFunc(cluster.Kinds(), func(k cluster.Kind) bool { return k.ModeFlag == name })
}

// flagOfAnother says which other kinds of systems have a flag, if any has.
func flagOfAnother(name string) string {
	for _, k := range cluster.Kinds() {
		has := k.ModeFlag == name
		for _, s := range cluster.Settings(k.Config()) {
			has = has || s.Flag == name
		}
		if has {
			return fmt.Sprintf("; it is one of --system %s", k.Name)
		}
	}
	return ""
}

func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		return fmt.Errorf("unknown flag -%s; all flags but -h are words, such as --seed", letters)
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if cmd.Flags().Lookup("node-count") != nil {
		known = append(known, nodesInJepsen[0])
	}
	name := unknown.GetSpecifiedName()
	if isModeFlag(name) {
		for _, k := range cluster.Kinds() {
			if f := cmd.Flags().Lookup(k.ModeFlag); f != nil && slices.Contains(f.Annotations[ofKind], k.Name) {
				return fmt.Errorf("unknown flag --%s; the %s of %s is chosen by --%s", name, k.ModeNoun, k.Name, k.ModeFlag)
			}
		}
	}
	if other := flagOfAnother(name); other != "" {
		return fmt.Errorf("unknown flag --%s%s", name, other)
	}
	if e, o, ok := catalog.WithOption(name); ok && cmd.Flags().Lookup("model-option") != nil {
		return fmt.Errorf("unknown flag --%s; it is --model-option %s=… of the model %s", name, o.Name, e.Name)
	}
	if near := nearest.Word(name, known); near != "" {
		return fmt.Errorf("unknown flag --%s; did you mean --%s?", name, near)
	}
	return fmt.Errorf("unknown flag --%s", name)
}

// wanted says what a flag takes. A flag of a type of our own says it itself.
func wanted(bad *pflag.InvalidValueError) string {
	switch bad.GetFlag().Value.Type() {
	case "int":
		return "a whole number"
	case "uint", "uint64":
		return "a whole number, not less than 0"
	case "float64":
		return "a number"
	case "duration":
		return "a time with its unit, such as 30s or 1m30s"
	case "list":
		return "names, separated by commas"
	case "nodes":
		return "a whole number, or the names of all nodes: n1,n2,n3"
	case "age":
		return "a time with its unit, such as 12h or 30d"
	case "size":
		return "a size with its unit, such as 500MB or 2GB"
	case "when":
		return strings.Join(colorChoices, ", ")
	case "clients":
		return "a whole number, or one for each node, such as 2n"
	case "bool":
		return "true or false"
	default:
		return bad.Unwrap().Error()
	}
}
