// Package cli is the command line: its flags, its exit codes and what it prints. One verb is one file.
//
// Exit codes are Jepsen's: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.
package cli

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"faultline/world"
)

// Main runs the command line of this program, with all kinds of systems and all workloads that are registered, and exits. It
// must be the first thing that main does: the program is the process of its worlds too.
func Main() {
	world.Child()
	program = started().again()
	debug.SetGCPercent(400) // histories come and go; memory is cheaper than a core that worlds need
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
