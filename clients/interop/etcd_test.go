//go:build long

package interop

import (
	"net/url"
	"testing"

	"go.etcd.io/etcd/server/v3/embed"

	"faultline/clients/etcd"
)

// etcdMember starts a cluster of one member, and returns its address.
func etcdMember(t *testing.T) string {
	c := embed.NewConfig()
	c.Dir, c.LogLevel, c.LogOutputs = t.TempDir(), "error", []string{"/dev/null"}
	local := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	c.ListenPeerUrls, c.ListenClientUrls = local, local
	e, err := embed.StartEtcd(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	<-e.Server.ReadyNotify()
	return e.Clients[0].Addr().String()
}

func TestEtcd(t *testing.T) {
	for _, serializable := range []string{"false", "true"} {
		t.Run("serializable="+serializable, func(t *testing.T) {
			play(t, "testdata/register", open(t, etcd.Open, etcdMember(t), map[string]string{"serializable": serializable}))
		})
	}
}

// Log indexes are revisions: an operation has that of its change, or of the state that it saw.
func TestEtcdRevisions(t *testing.T) {
	c := open(t, etcd.Open, etcdMember(t), nil)
	var last uint64
	for _, step := range []struct {
		line    string
		changes uint64
	}{
		{"write a 1", 1}, {"write b 1", 1}, {"read a", 0}, {"read none", 0}, {"cas a [1,2]", 1}, {"cas a [1,3]", 0},
		{"delete a", 1}, {"delete a", 0}, {"read a", 0}, {"write a 4 padding=10", 1}, {"cas a [4,5]", 1},
	} {
		out := c.Do(parse(t, step.line))
		if last > 0 && out.LogIndex != last+step.changes {
			t.Errorf("%s: revision %d after %d", step.line, out.LogIndex, last)
		}
		last = out.LogIndex
	}
}
