package interop

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/tidwall/redcon"

	"faultline/clients/redis"
	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/cluster/ops"
)

func TestRedis(t *testing.T) {
	for _, cas := range []string{"script", "watch"} {
		t.Run("cas="+cas, func(t *testing.T) {
			play(t, "testdata/register", open(t, redis.Open, miniredis.RunT(t).Addr(), map[string]string{"cas": cas}))
		})
	}
}

func TestRedisObjects(t *testing.T) {
	for _, name := range []string{"set", "queue", "counter"} {
		t.Run(name, func(t *testing.T) {
			play(t, "testdata/"+name, open(t, redis.Open, miniredis.RunT(t).Addr(), nil))
		})
	}
}

// A lock is its owner's until that releases it or it expires.
func TestRedisLocks(t *testing.T) {
	for _, cas := range []string{"script", "watch"} {
		t.Run("cas="+cas, func(t *testing.T) {
			server := miniredis.RunT(t)
			client := func(id int) cluster.Client {
				return openWith(t, redis.Open, foreign.Target{
					ID: id, Endpoints: []string{server.Addr()}, Options: map[string]string{"cas": cas, "lock_ttl": "10s"}, Timeout: 5 * time.Second,
				})
			}
			first, second := client(1), client(2)
			for _, step := range []struct {
				client cluster.Client
				f      string
				want   string
			}{
				{first, ops.Release, "fail  precondition-failed"},
				{first, ops.Acquire, "ok  "},
				{first, ops.Acquire, "fail  precondition-failed"},
				{second, ops.Acquire, "fail  precondition-failed"},
				{second, ops.Release, "fail  precondition-failed"},
				{first, ops.Release, "ok  "},
				{second, ops.Acquire, "ok  "},
				{nil, "", ""}, // it expires
				{first, ops.Acquire, "ok  "},
				{second, ops.Release, "fail  precondition-failed"},
			} {
				if step.client == nil {
					server.FastForward(11 * time.Second)
					continue
				}
				out := step.client.Do(cluster.Op{Object: ops.Lock, F: step.f, Key: "l"})
				if got := fmt.Sprintf("%v %v %v", out.Type, out.Value, out.Error); got != step.want {
					t.Errorf("%s: %q, want %q", step.f, got, step.want)
				}
			}
		})
	}
}

// A server that speaks the protocol and has a command of its own for a cas does not say what it has found.
func TestRedisCommand(t *testing.T) {
	play(t, "testdata/command", open(t, redis.Open, ownServer(t), map[string]string{"cas": "command", "fail": "TRY"}))
}

// ownServer starts a server as somebody would write it, and returns its address. It refuses to write the key "elsewhere".
func ownServer(t *testing.T) string {
	var mu sync.Mutex
	keys := map[string]string{}
	serve := func(c redcon.Conn, cmd redcon.Command) {
		mu.Lock()
		defer mu.Unlock()
		key := ""
		if len(cmd.Args) > 1 {
			key = string(cmd.Args[1])
		}
		found, there := keys[key]
		switch name := strings.ToUpper(string(cmd.Args[0])); {
		case name == "GET" && there:
			c.WriteBulkString(found)
		case name == "GET":
			c.WriteNull()
		case key == "elsewhere":
			c.WriteError("TRY n2:6379")
		case name == "SET":
			keys[key] = string(cmd.Args[2])
			c.WriteString("OK")
		case name == "DEL":
			delete(keys, key)
			c.WriteInt(1)
		case name == "CAS" && there && strings.TrimRight(found, " ") == string(bytes.TrimRight(cmd.Args[2], " ")):
			keys[key] = string(cmd.Args[3])
			c.WriteInt(1)
		case name == "CAS":
			c.WriteInt(0)
		default:
			c.WriteError("ERR unknown command '" + name + "'")
		}
	}
	s := redcon.NewServer("127.0.0.1:0", serve, nil, nil)
	started := make(chan error)
	go func() { _ = s.ListenServeAndSignal(started) }()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.Addr().(*net.TCPAddr).String()
}
