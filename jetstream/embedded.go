package jetstream

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"faultline/campaign/remote/queue"
)

// embedded is a server inside this program.
type embedded struct{ server *server.Server }

func isEmbedded(url string) bool {
	return url == queue.Embedded || strings.HasPrefix(url, queue.Embedded+"://")
}

// embed starts a server that keeps what it has in a directory. Without an address it listens on a free port of this machine only.
func embed(at queue.Server) (*embedded, error) {
	host, port := "127.0.0.1", server.RANDOM_PORT
	if address, ok := strings.CutPrefix(at.URL, queue.Embedded+"://"); ok {
		h, p, err := net.SplitHostPort(address)
		n, bad := strconv.Atoi(p)
		if err = errors.Join(err, bad); err != nil {
			return nil, fmt.Errorf("%s: give an address to listen on, such as %s://127.0.0.1:4222: %w", at.URL, queue.Embedded, err)
		}
		host, port = h, n
	}
	s, err := server.NewServer(&server.Options{ServerName: "faultline", Host: host, Port: port, JetStream: true, StoreDir: at.Dir,
		NoLog: true, NoSigs: true, DisableJetStreamBanner: true})
	if err != nil {
		return nil, fmt.Errorf("start a NATS server inside: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(answered) {
		s.Shutdown()
		return nil, fmt.Errorf("the NATS server inside does not come up: is there another at %s?", net.JoinHostPort(host, strconv.Itoa(port)))
	}
	return &embedded{s}, nil
}

// stop ends the server. There may be none.
func (e *embedded) stop() error {
	if e == nil {
		return nil
	}
	e.server.Shutdown()
	done := make(chan struct{})
	go func() { e.server.WaitForShutdown(); close(done) }()
	select {
	case <-done:
		return nil
	case <-time.After(answered):
		return errors.New("the NATS server inside does not end")
	}
}
