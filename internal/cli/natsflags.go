package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"faultline/campaign/remote/queue"
	"faultline/cluster/foreign/build"
)

// natsFlags say where the queue is that machines share, and who we are there.
type natsFlags struct {
	server queue.Server
	mixed  bool
}

// registerNATS adds the flags. What names what is done by way of the server.
func (f *natsFlags) registerNATS(flags *pflag.FlagSet, what string) {
	s := &f.server
	flags.StringVar(&s.URL, serverFlag, "", what)
	flags.StringVar(&s.Creds, "nats-creds", "", "the `file` with our credentials for the NATS server")
	flags.StringVar(&s.NKey, "nats-nkey", "", "the `file` with the seed of our nkey")
	flags.StringVar(&s.CA, "nats-tls-ca", "", "the `file` of certificates that verify the server's")
	flags.StringVar(&s.Cert, "nats-tls-cert", "", "the `file` of our own certificate")
	flags.StringVar(&s.Key, "nats-tls-key", "", "the `file` of its key")
	flags.IntVar(&s.Replicas, "nats-replicas", 1, "on how many servers of a cluster the queue is kept, when it is created")
	flags.BoolVar(&f.mixed, "mixed", false, "allow different builds and kinds of machines; replay is then best effort")
}

// serverFlag is the flag that says where the server is.
const serverFlag = "nats"

// natsFlagNames are the names of the flags, which change nothing of what a world does.
var natsFlagNames = []string{serverFlag, "nats-creds", "nats-nkey", "nats-tls-ca", "nats-tls-cert", "nats-tls-key", "nats-replicas", "mixed"}

// embedded reports whether the server is to be inside.
func (f *natsFlags) embedded() bool {
	return f.server.URL == queue.Embedded || strings.HasPrefix(f.server.URL, queue.Embedded+"://")
}

// hasServers reports whether a text has the URL of a server, or several of them. None is none.
func hasServers(text string) bool {
	if text == "" {
		return true
	}
	for one := range strings.SplitSeq(text, ",") {
		if !strings.Contains(one, "://") {
			one = "nats://" + one
		}
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Hostname() == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return false
		}
	}
	return true
}

// validateNATS reports what is wrong with the flags.
func (f *natsFlags) validateNATS() error {
	s := f.server
	secured := s.Creds != "" || s.NKey != "" || s.CA != "" || s.Cert != "" || s.Key != ""
	switch {
	case s.URL == "" && (secured || f.mixed || s.Replicas != 1):
		return errors.New("--mixed and the flags that begin with --nats- are about the server of --nats URL, which is not given")
	case !f.embedded() && !hasServers(s.URL):
		return fmt.Errorf("--nats %s: a server is nats://HOST:4222, or tls://, ws:// or wss://; several of one cluster are separated by commas, and '%s' is one inside", queue.Redacted(s.URL), queue.Embedded)
	case f.embedded() && secured:
		return fmt.Errorf("--nats %s is for this machine and whoever may reach it: it has no credentials and no TLS; start a server of your own for those", s.URL)
	case (s.Cert == "") != (s.Key == ""):
		return errors.New("--nats-tls-cert and --nats-tls-key belong together: give both")
	case s.Creds != "" && s.NKey != "":
		return errors.New("--nats-creds and --nats-nkey both say who we are: give one of the two")
	case s.Replicas < 1 || s.Replicas > 5:
		return fmt.Errorf("nats replicas %d: give 1 to 5", s.Replicas)
	}
	return nil
}

// queueProgram is the program that speaks to NATS.
const queueProgram = "faultline-nats"

// connect starts the program that speaks to NATS, and connects to the server. Its errors are the user's to mend.
func connect(ctx context.Context, at queue.Server, stderr io.Writer) (queue.Queue, error) {
	program, err := build.Companion(ctx, "jetstream", queueProgram, stderr)
	if err != nil {
		return nil, err
	}
	return queue.Start(ctx, program, at, stderr)
}
