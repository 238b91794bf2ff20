package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"faultline/campaign/trial"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which program this is",
		Long: `Version prints what a replay depends on: the build, which is a hash of this program's
file, and the kind of machine; and the versions of what is under test.`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		Run:               func(cmd *cobra.Command, _ []string) { printVersion(cmd.OutOrStdout()) },
	}
}

func printVersion(w io.Writer) {
	fmt.Fprintf(w, "faultline  build %s, %s, %s/%s\n", trial.Build(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return
	}
	for _, dep := range info.Deps {
		switch dep.Path {
		case "github.com/hashicorp/raft", "go.etcd.io/bbolt", "github.com/anishathalye/porcupine":
			fmt.Fprintf(w, "%s  %s\n", dep.Path, dep.Version)
		}
	}
}
