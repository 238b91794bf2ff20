package cli

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/cluster/foreign/build"
)

// program is what starts this program again in the same shell. Commands that are printed begin with it.
var program = named

// named is what the program is called in its own texts.
const named = "faultline"

// start is what is known about how a process was started.
type start struct {
	word       string // the first of its command line
	executable string
	directory  string // where it was started
	source     string // the file of its function main; empty if the build does not tell
	path       string // of its package main
}

// started is how this process was started. Main calls it, below the function main.
func started() start {
	s := start{word: os.Args[0], source: build.MainFile()}
	s.executable, _ = os.Executable() // what is not known stays empty, as for the others
	s.directory, _ = os.Getwd()
	if info, ok := debug.ReadBuildInfo(); ok {
		s.path = info.Path
	}
	return s
}

// again is the beginning of a command line that starts the same program.
func (s start) again() string {
	switch {
	case filepath.Base(s.word) == s.word: // a shell finds it
		return shellQuote(strings.TrimSuffix(s.word, ".exe"))
	case s.byGoRun():
		return "go run " + shellQuote(s.mainPackage())
	default:
		return shellQuote(s.word)
	}
}

// byGoRun reports whether the go command built the program and will remove it.
func (s start) byGoRun() bool {
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(s.executable), "/"), func(dir string) bool { return strings.HasPrefix(dir, "go-build") })
}

// mainPackage is what go run takes to run this program. It is a directory where the build tells it, or a file if it was one.
func (s start) mainPackage() string {
	what := filepath.Dir(s.source)
	if s.path == "command-line-arguments" {
		what = s.source
	}
	if relative, err := filepath.Rel(s.directory, what); err == nil && filepath.IsAbs(what) {
		if filepath.IsLocal(relative) && relative != "." {
			relative = "./" + relative
		}
		return filepath.ToSlash(relative)
	}
	return s.path
}

// callItself has the texts of a command and of those below it name the program as it was started.
func callItself(cmd *cobra.Command) {
	name := func(text string) string {
		text = strings.ReplaceAll(text, "'"+named+" ", "'"+program+" ")
		return strings.ReplaceAll(text, "  "+named+" ", "  "+program+" ")
	}
	cmd.Example, cmd.Long = name(cmd.Example), name(cmd.Long)
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { flag.Usage = name(flag.Usage) })
	for _, sub := range cmd.Commands() {
		callItself(sub)
	}
}
