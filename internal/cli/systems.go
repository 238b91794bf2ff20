package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/cluster/foreign/description"
	"faultline/internal/nearest"
	"faultline/world"
)

func newSystems() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "systems",
		Short: "Describe a store that is a program of its own, so that it can be run",
		Long: `Systems shows how to describe a Go store that was not written for Faultline: a file says
how to build and start its program, and which client speaks to it. Run such a store by
the name of its file, and those that come with Faultline by their names, in any version.`,
		Example: `  faultline systems example > mystore.toml
  faultline run --system ./mystore.toml
  faultline run --system etcd@v3.5.0`,
		Args: cobra.ArbitraryArgs,
		RunE: missingCommand,
	}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "List what can be tested", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return aligned(cmd.OutOrStdout(), listSystems) }},
		&cobra.Command{Use: "show SYSTEM", Short: "Print the description of a system that comes with Faultline", RunE: showSystem,
			ValidArgsFunction: cobra.FixedCompletions(description.Names(), cobra.ShellCompDirectiveNoFileComp)},
		&cobra.Command{Use: "example", Short: "Print a description with every key and what it means", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := io.WriteString(cmd.OutOrStdout(), description.Example())
				return err
			}},
		&cobra.Command{Use: "clients", Short: "List the clients that a description can name", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return aligned(cmd.OutOrStdout(), listClients) }},
		&cobra.Command{Use: "build SYSTEM", Short: "Build the programs of a system, and say where they are", RunE: buildSystem,
			ValidArgsFunction: completeSystem},
	)
	return cmd
}

// aligned writes a table.
func aligned(w io.Writer, write func(io.Writer)) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	write(t)
	return t.Flush()
}

func listClients(w io.Writer) {
	fmt.Fprintln(w, "Clients ([client] kind)")
	for _, k := range foreign.ClientKinds() {
		fmt.Fprintf(w, "  %s\t%s\n", k.Name, k.Doc)
	}
}

func showSystem(cmd *cobra.Command, args []string) error {
	name, err := theSystem(cmd, args)
	if err != nil {
		return err
	}
	text, ok := description.Text(name)
	if !ok {
		return fmt.Errorf("no system that comes with Faultline is described as %q; %s", name, nearest.Hint(name, description.Names(), "there are"))
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

func buildSystem(cmd *cobra.Command, args []string) error {
	name, err := theSystem(cmd, args)
	if err != nil {
		return err
	}
	kind, err := cluster.KindByName(name)
	if err != nil {
		return err
	}
	if kind.Build == nil {
		return fmt.Errorf("%s is a part of Faultline: there is nothing to build", kind.Name)
	}
	spec, err := withPrograms(cmd, world.Spec{System: name})
	if err != nil {
		return err
	}
	dir, err := spec.Programs()
	if err != nil {
		return &failure{err}
	}
	fmt.Fprintln(cmd.OutOrStdout(), dir)
	return nil
}

// theSystem is the argument of a command that takes one system.
func theSystem(cmd *cobra.Command, args []string) (string, error) {
	switch len(args) {
	case 0:
		return "", fmt.Errorf("%s takes a system: %s", cmd.Name(), strings.Join(description.Names(), ", "))
	case 1:
		return args[0], nil
	default:
		return "", errors.New(cmd.Name() + " takes one system")
	}
}

// completeSystem completes the name of a system, or of a file that describes one.
func completeSystem(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	if foreign.IsFile(begun) || strings.HasPrefix(begun, ".") {
		return []string{"toml"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cobra.FixedCompletions(kindNames(), cobra.ShellCompDirectiveNoFileComp)(nil, nil, begun)
}
