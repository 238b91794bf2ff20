package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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

// commandAgain is a command with the flags that it was given, and these arguments.
func commandAgain(cmd *cobra.Command, args []string) string {
	words := cmd.CommandPath()
	for _, arg := range args {
		words += " " + shellQuote(arg)
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			words += " --" + f.Name + "=" + shellQuote(v)
		}
	})
	return words
}
