package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"faultline/results/serve"
)

// defaultServed is where campaigns and comparisons are kept.
const defaultServed = "results"

func newServe() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Browse results",
		Long: `Serve shows a directory of results, by default ` + defaultServed + `, in a browser: campaigns, runs
with their operations, faults and nodes on one axis of time, and comparisons.
Campaigns that are being run can be watched.

It serves this machine only, unless --addr names another address. Whoever can reach that
address can read everything in the directory.`,
		Example: `  faultline serve
  faultline serve results/runs --addr 127.0.0.1:0`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := defaultServed
			if len(args) > 0 {
				dir = args[0]
			}
			return serveDir(cmd, dir, addr)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "the `address` to listen at; port 0 takes a free one")
	return cmd
}

func atMostOneDir(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("serve takes one directory, and not %q too", args[1])
	}
	return nil
}

func serveDir(cmd *cobra.Command, dir, addr string) error {
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no directory %s; campaigns make it, see '%s run'", dir, program)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is a file: give the directory that results are in", dir)
	}
	s, err := serve.New(dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return errors.Join(fmt.Errorf("listen at %s: %w", addr, err), s.Close())
	}
	handler := s.Handler()
	if at, ok := listener.Addr().(*net.TCPAddr); ok && at.IP.IsLoopback() {
		handler = serve.LoopbackOnly(handler)
	} else {
		fmt.Fprintf(cmd.ErrOrStderr(), "Whoever can reach %s can read all of %s.\n", listener.Addr(), dir)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "http://%s/\n", listener.Addr())
	if err := errors.Join(serveUntil(cmd.Context(), listener, handler), s.Close()); err != nil {
		return &failure{err}
	}
	return nil
}

// serveUntil serves until the context ends, and then lets answers that are under way end.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		last, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			return server.Close() // somebody reads slowly
		}
		return nil
	}
}
