// Faultline runs a replicated store through crashes, partitions and pauses in virtual time, and says
// which consistency it kept, with a witness that anyone can replay.
//
// Exit codes are Jepsen's: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"faultline/world"
)

func main() {
	world.Child()
	debug.SetGCPercent(400) // histories come and go; memory is cheaper than a core that worlds need
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
