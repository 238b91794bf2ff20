package jetstream

import (
	"context"
	"fmt"
	"os"

	"faultline/campaign/remote/queue"
)

// Main is the main function of the program faultline-nats: it serves the queue to the program that has started it.
func Main() {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintln(os.Stderr, "faultline-nats is started by faultline: say 'faultline run --nats URL' or 'faultline worker --nats URL'")
		os.Exit(254)
	}
	if err := queue.Serve(queue.Stdio(), openForAnother); err != nil {
		fmt.Fprintf(os.Stderr, "faultline-nats: %v\n", err)
		os.Exit(255)
	}
}

// openForAnother opens a queue. The program ends when the server will not have it any more, and says why.
func openForAnother(ctx context.Context, at queue.Server) (queue.Queue, error) {
	q, err := Open(ctx, at)
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
