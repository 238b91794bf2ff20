package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/cluster"
)

// showKindApart has the help of commands show the flags of the kind of system in a section of their own, behind all others.
func showKindApart(root *cobra.Command, kind cluster.Kind) {
	const all = "{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}"
	cobra.AddTemplateFunc("commonFlags", func(c *cobra.Command) string { return usages(c, false) })
	cobra.AddTemplateFunc("systemFlags", func(c *cobra.Command) string { return usages(c, true) })
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), all,
		"{{commonFlags . | trimTrailingWhitespaces}}{{with systemFlags .}}\n\nFlags of the system "+kind.Name+
			" (--system):\n{{. | trimTrailingWhitespaces}}{{end}}", 1))
}

// usages lists a command's flags that are of a kind of system, or the others.
func usages(c *cobra.Command, ofSystem bool) string {
	some := pflag.NewFlagSet("", pflag.ContinueOnError)
	some.SortFlags = c.LocalFlags().SortFlags
	c.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if _, is := flag.Annotations[ofKind]; is == ofSystem {
			some.AddFlag(flag)
		}
	})
	return some.FlagUsages()
}
