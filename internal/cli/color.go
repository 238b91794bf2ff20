package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"faultline/checker"
	"faultline/internal/nearest"
)

// colorFlag is the flag --color.
type colorFlag string

var colorChoices = []string{"auto", "always", "never"}

func (c *colorFlag) String() string { return string(*c) }
func (c *colorFlag) Type() string   { return "when" }

func (c *colorFlag) Set(text string) error {
	if !slices.Contains(colorChoices, text) {
		return fmt.Errorf("unknown choice %q; %s", text, nearest.Hint(text, colorChoices, "there are"))
	}
	*c = colorFlag(text)
	return nil
}

// shows reports whether a writer gets colours: a terminal does, unless the user has said otherwise to this program or, by
// NO_COLOR, to all.
func (c colorFlag) shows(w io.Writer) bool {
	switch c {
	case "always":
		return true
	case "never":
		return false
	}
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// registerColor adds the flag to a command and all below it. It holds for these two writers.
func registerColor(root *cobra.Command, out, errors *output) {
	color := colorFlag("auto")
	root.PersistentFlags().Var(&color, "color", "colour verdicts: "+strings.Join(colorChoices, ", "))
	// It fails only for a flag that does not exist.
	_ = root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(colorChoices, cobra.ShellCompDirectiveNoFileComp))
	root.PersistentPreRun = func(*cobra.Command, []string) {
		for _, w := range []*output{out, errors} {
			w.colored = color.shows(w.w)
		}
	}
}

// painted is a text in the colour of a verdict, where colours are shown.
func painted(w io.Writer, v checker.Validity, text string) string {
	if o, ok := w.(*output); !ok || !o.colored {
		return text
	}
	code := map[checker.Validity]int{checker.Valid: 32, checker.Invalid: 31, checker.Unknown: 33}[v] // green, red, yellow
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", code, text)
}

// headline is a verdict as the first word of a report.
func headline(w io.Writer, v checker.Validity) string {
	return painted(w, v, strings.ToUpper(v.String()))
}
