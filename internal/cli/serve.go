package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"faultline/results"
	"faultline/results/serve"
)

// defaultServed is the directory that holds all results.
var defaultServed = filepath.Dir(results.Root)

func newServe() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use:   "serve [DIR|RUN|CAMPAIGN]",
		Short: "Browse results",
		Long: `Serve shows a directory of results, by default ` + defaultServed + `, in a browser: campaigns, runs
with their operations, faults and nodes on one axis of time, and comparisons.
Campaigns that are being run can be watched. For a run, a campaign or a comparison it
prints the address of its page.

` + aboutNames + `

It listens on this machine only, unless --addr names another address. Anyone who can
reach that address can read everything in the directory.`,
		Example: `  faultline serve
  faultline serve latest:4
  faultline serve results/runs --addr 127.0.0.1:0`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, page := defaultServed, "."
			if len(args) > 0 {
				var err error
				if dir, page, err = servedFor(args[0]); err != nil {
					return err
				}
			}
			return serveDir(cmd, dir, page, addr)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "the `address` to listen at; port 0 takes a free one, as is done if nobody names a port and this one is taken")
	return cmd
}

func atMostOneDir(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("serve takes one directory or one name, and not %q too", args[1])
	}
	return nil
}

// servedFor is the directory to serve for what a user names, and the path in it of what is to be seen.
func servedFor(arg string) (dir, page string, err error) {
	if results.CheckRun(arg) == nil {
		return around(arg)
	}
	if dir, err := results.FindCampaign(results.Root, arg); err == nil {
		return around(dir)
	}
	if _, err := os.Stat(arg); err == nil || !strings.Contains(arg, ":") {
		return arg, ".", nil
	}
	run, err := runDir(arg)
	if err != nil {
		return "", "", err
	}
	return around(run)
}

// around is the directory to serve so that something is seen with all that is kept near it: the default one or, for what lies
// elsewhere, that of the campaign.
func around(dir string) (served, page string, err error) {
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	served = defaultServed
	if inside, err := filepath.Rel(served, dir); err != nil || !filepath.IsLocal(inside) {
		served = filepath.Dir(dir)
		if results.CheckRun(dir) == nil {
			served = filepath.Dir(served)
		}
	}
	page, err = filepath.Rel(served, dir)
	return served, filepath.ToSlash(page), err
}

// serveDir serves a directory, and prints the address of the page of what is at a path in it.
func serveDir(cmd *cobra.Command, dir, page, addr string) error {
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
	if errors.Is(err, syscall.EADDRINUSE) && !cmd.Flags().Changed("addr") { // another serve runs; the address is printed
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return errors.Join(fmt.Errorf("listen at %s: %w", addr, err), s.Close())
	}
	handler := s.Handler()
	if at, ok := listener.Addr().(*net.TCPAddr); ok && at.IP.IsLoopback() {
		handler = serve.LoopbackOnly(handler)
	} else {
		fmt.Fprintf(cmd.ErrOrStderr(), "Whoever can reach %s can read all of %s.\n", listener.Addr(), dir)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "http://%s%s\n", listener.Addr(), s.Address(page))
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
