// Faultline-nats has the work queue of faultline on NATS JetStream. The program faultline starts it, for --nats, and speaks to it by its
// standard input and output; it does nothing by itself.
package main

import (
	"context"
	"fmt"
	"os"

	"faultline/campaign/remote/queue"
	"faultline/jetstream"
)

func main() {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintln(os.Stderr, "faultline-nats is started by faultline: say 'faultline run --nats URL' or 'faultline worker --nats URL'")
		os.Exit(254)
	}
	if err := queue.Serve(queue.Stdio(), open); err != nil {
		fmt.Fprintf(os.Stderr, "faultline-nats: %v\n", err)
		os.Exit(255)
	}
}

// open opens a queue. The program ends when the server will not have it any more, and says why.
func open(ctx context.Context, at queue.Server) (queue.Queue, error) {
	q, err := jetstream.Open(ctx, at)
	if err != nil {
		return nil, err
	}
	go func() {
		<-q.Lost()
		fmt.Fprintf(os.Stderr, "faultline-nats: the NATS server has closed the connection for good: %v\n", q.Why())
		os.Exit(255)
	}()
	return q, nil
}
