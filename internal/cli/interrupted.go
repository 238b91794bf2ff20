package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign"
	"faultline/campaign/remote/queue"
	"faultline/results"
)

// interrupted ends the program with the code of an answer that is not known, and says how to go on.
type interrupted struct {
	what string // what there is of the work, with a space before it; empty if nothing is to be said
	next string // the command to go on with
}

func (i *interrupted) Error() string { return "interrupted" }

// ended reports whether an error is the end of the command's context.
func ended(cmd *cobra.Command, err error) bool {
	ctx := cmd.Context()
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

// goOn is the command that goes on with a campaign below root, by way of the same server.
func goOn(cmd *cobra.Command, root string, c *campaign.Campaign) string {
	words := program + " run --resume " + shellQuote(filepath.Base(c.Dir()))
	if root != results.Root {
		words += " --results " + shellQuote(root)
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(natsFlagNames, f.Name) {
			words += flagWords(f)
		}
	})
	return words
}

// commandAgain is a command with the flags that it was given, and these arguments.
func commandAgain(cmd *cobra.Command, args []string) string {
	words := cmd.CommandPath()
	for _, arg := range args {
		words += " " + shellQuote(arg)
	}
	cmd.Flags().Visit(func(f *pflag.Flag) { words += flagWords(f) })
	return words
}

// flagWords are a flag with its values, each with a space before it.
func flagWords(f *pflag.Flag) string {
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	words := ""
	for _, v := range values {
		if f.Name == serverFlag {
			v = queue.Redacted(v)
		}
		words += " --" + f.Name + "=" + shellQuote(v)
	}
	return words
}
