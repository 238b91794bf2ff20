package interop

import (
	"fmt"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/nats"
	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

// natsServer starts a server with JetStream.
func natsServer(t *testing.T) *server.Server {
	return startNATS(t, server.RANDOM_PORT, t.TempDir())
}

func startNATS(t *testing.T, port int, dir string) *server.Server {
	return start(t, &server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true})
}

func start(t *testing.T, o *server.Options) *server.Server {
	s, err := server.NewServer(o)
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

// natsCluster starts three servers that know each other.
func natsCluster(t *testing.T) (servers []*server.Server) {
	var ports []int
	var routes []*url.URL
	for range 3 {
		port := freePort(t)
		ports = append(ports, port)
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)})
	}
	for i, port := range ports {
		servers = append(servers, start(t, &server.Options{
			ServerName: fmt.Sprintf("n%d", i+1), Host: "127.0.0.1", Port: server.RANDOM_PORT,
			JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: port}, Routes: routes,
		}))
	}
	return servers
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
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

func TestNATSObjects(t *testing.T) {
	for name, by := range map[string]opener{"set": nats.OpenKV, "counter": nats.OpenKV, "queue": nats.OpenStream} {
		t.Run(name, func(t *testing.T) {
			play(t, "testdata/"+name, open(t, by, natsServer(t).Addr().String(), nil))
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
	out := inTime(t, c, "read a") // the stream is there some time after the server
	if !out.Value.Equal(history.IntValue(1)) {
		t.Errorf("%+v", out)
	}
}

func TestNATSStream(t *testing.T) {
	play(t, "testdata/log", openFor(t, nats.OpenStream, natsServer(t).Addr().String(), nil, 500*time.Millisecond))
}

// inTime does an operation until it succeeds: a cluster needs a leader, a stream too, and a replica does not serve at once.
func inTime(t *testing.T, c cluster.Client, line string) (out cluster.Outcome) {
	for range 50 {
		if out = c.Do(parse(t, line)); out.Type == history.OK {
			return out
		}
	}
	t.Fatalf("%s: %+v", line, out)
	return out
}

// Whichever replica the servers draw for a direct get, a fetch is answered by the client's own server, even if that is the
// only one left.
func TestNATSFetchesFromItsOwnServer(t *testing.T) {
	servers := natsCluster(t)
	var clients []cluster.Client
	for _, s := range servers {
		clients = append(clients, openWith(t, nats.OpenStream, foreign.Target{
			Endpoints: []string{s.Addr().String()}, Node: s.Name(), Nodes: []string{"n1", "n2", "n3"}, Timeout: 2 * time.Second,
		}))
	}
	all := history.ListValue(inTime(t, clients[0], "send a 5").Value)
	for i, c := range clients {
		inTime(t, c, "fetch a 0")
		for range 5 {
			if out := c.Do(parse(t, "fetch a 0")); !out.Value.Equal(all) {
				t.Errorf("n%d: %+v", i+1, out)
			}
		}
	}
	stop(servers[1])
	stop(servers[2])
	if out := clients[0].Do(parse(t, "fetch a 0")); !out.Value.Equal(all) {
		t.Errorf("n1 alone: %+v", out)
	}
}
