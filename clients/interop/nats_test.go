package interop

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/nats"
	"faultline/cluster"
	"faultline/history"
)

// natsServer starts a server with JetStream.
func natsServer(t *testing.T) *server.Server {
	return startNATS(t, server.RANDOM_PORT, t.TempDir())
}

func startNATS(t *testing.T, port int, dir string) *server.Server {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { stop(s) })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	return s
}

func stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

func TestNATSKV(t *testing.T) {
	for _, direct := range []string{"true", "false"} {
		t.Run("direct="+direct, func(t *testing.T) {
			play(t, "testdata/register", open(t, nats.OpenKV, natsServer(t).Addr().String(), map[string]string{"direct": direct}))
		})
	}
}

// What the option says of direct gets is so from the first read on.
func TestNATSDirect(t *testing.T) {
	for option, want := range map[string]bool{"true": true, "false": false} {
		s := natsServer(t)
		open(t, nats.OpenKV, s.Addr().String(), map[string]string{"direct": option}).Do(parse(t, "read a"))
		conn, err := natsgo.Connect(s.ClientURL())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		js, err := jetstream.New(conn)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := js.Stream(t.Context(), "KV_faultline")
		if err != nil {
			t.Fatal(err)
		}
		if got := stream.CachedInfo().Config.AllowDirect; got != want {
			t.Errorf("direct=%s: the stream says %v", option, got)
		}
	}
}

// Two clients that find no bucket make one bucket.
func TestNATSManyMakeTheBucket(t *testing.T) {
	addr := natsServer(t).Addr().String()
	var wait sync.WaitGroup
	for range 5 {
		c := open(t, nats.OpenKV, addr, nil)
		wait.Go(func() {
			if out := c.Do(parse(t, "read a")); out.Type != history.OK {
				t.Errorf("%+v", out)
			}
		})
	}
	wait.Wait()
}

// While the server is away nothing is read, and once it is back the same client goes on.
func TestNATSReconnects(t *testing.T) {
	dir := t.TempDir()
	s := startNATS(t, server.RANDOM_PORT, dir)
	addr := s.Addr().(*net.TCPAddr)
	c := openFor(t, nats.OpenKV, addr.String(), nil, 500*time.Millisecond)
	if out := c.Do(parse(t, "write a 1")); out.Type != history.OK {
		t.Fatalf("%+v", out)
	}
	stop(s)
	if out := c.Do(parse(t, "read a")); out.Type != history.Fail {
		t.Errorf("%+v", out)
	}
	startNATS(t, addr.Port, dir)
	var out cluster.Outcome
	for range 20 { // the stream is there some time after the server
		if out = c.Do(parse(t, "read a")); out.Type == history.OK {
			break
		}
	}
	if !out.Value.Equal(history.IntValue(1)) {
		t.Errorf("%+v", out)
	}
}
