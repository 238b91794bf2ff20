//go:build long

package interop

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"

	"faultline/clients/etcd"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
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

func TestEtcdVersions(t *testing.T) {
	play(t, "testdata/versions", openFor(t, etcd.Open, etcdMember(t), nil, 500*time.Millisecond))
}

func TestEtcdObjects(t *testing.T) {
	for _, name := range []string{"set", "queue", "counter", "bank", "ids"} {
		t.Run(name, func(t *testing.T) {
			play(t, "testdata/"+name, open(t, etcd.Open, etcdMember(t), nil))
		})
	}
}

func TestEtcdTransactions(t *testing.T) {
	play(t, "testdata/transactions", open(t, etcd.Open, etcdMember(t), nil))
}

// A watch from a revision that is forgotten says from where it can be watched, and so does one that was open when it could not
// follow.
func TestEtcdCompacted(t *testing.T) {
	addr := etcdMember(t)
	c := open(t, etcd.Open, addr, nil)
	for i := range 10 {
		c.Do(parse(t, fmt.Sprintf("put a %d", i)))
	}
	admin, err := clientv3.New(clientv3.Config{Endpoints: []string{addr}})
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Compact(t.Context(), 8, clientv3.WithCompactPhysical()); err != nil {
		t.Fatal(err)
	}
	out := c.Do(parse(t, "watch a 3"))
	if out.Type != history.Fail || out.Error != ops.Compacted || !out.Value.Equal(history.IntValue(8)) {
		t.Errorf("%+v", out)
	}
	out = c.Do(cluster.Op{F: ops.Watch, Key: "a", Value: out.Value})
	if events, err := ops.DecodeEvents(out.Value); err != nil || len(events) != 4 || events[0].Revision != 8 {
		t.Errorf("%+v", out)
	}
	if out := c.Do(parse(t, "digest a 3")); out.Type != history.Fail {
		t.Errorf("%+v", out)
	}
}

// A compaction keeps the newest revisions, and leaves what registers hold as it is. So does a defragmentation.
func TestEtcdMaintenance(t *testing.T) {
	c := open(t, etcd.Open, etcdMember(t), nil)
	compact := cluster.Op{F: ops.Compact, Value: history.IntValue(5)}
	if out := c.Do(compact); out.Type != history.Fail {
		t.Errorf("there is nothing to forget yet: %+v", out)
	}
	for i := range 10 {
		c.Do(parse(t, fmt.Sprintf("put a %d", i)))
	}
	if out := c.Do(compact); out.Type != history.OK || !out.Value.Equal(history.IntValue(6)) { // the first put made revision 2
		t.Errorf("%+v", out)
	}
	if out := c.Do(compact); out.Type != history.Fail || out.Error != "etcdserver: mvcc: required revision has been compacted" {
		t.Errorf("%+v", out)
	}
	if out := c.Do(cluster.Op{F: ops.Defragment}); out.Type != history.OK {
		t.Errorf("%+v", out)
	}
	if out := c.Do(parse(t, "read a")); !out.Value.Equal(history.IntValue(9)) {
		t.Errorf("%+v", out)
	}
}

func TestEtcdLeases(t *testing.T) {
	c := open(t, etcd.Open, etcdMember(t), nil)
	do := func(f, key string, value history.Value) cluster.Outcome {
		return c.Do(cluster.Op{F: f, Key: key, Value: value})
	}
	out := do(ops.Grant, "", ops.TTL(59_500*time.Millisecond))
	lease, err := ops.DecodeLease(out.Value)
	if out.Type != history.OK || err != nil || lease.TTL != time.Minute {
		t.Fatalf("%+v", out)
	}
	id := history.IntValue(lease.ID)
	attached := ops.Attachment{Lease: lease.ID, Value: history.IntValue(5)}.Encode()
	for _, step := range []struct {
		f     string
		value history.Value
		want  string
	}{
		{ops.Attach, attached, "ok  "},
		{ops.Read, history.Value{}, "ok 5 "},
		{ops.KeepAlive, id, fmt.Sprintf("ok [%d,60000] ", lease.ID)},
		{ops.Revoke, id, "ok  "},
		{ops.Read, history.Value{}, "ok null "},
		{ops.Revoke, id, "fail  lease-not-found"},
		{ops.KeepAlive, id, "fail  lease-not-found"},
		{ops.Attach, attached, "fail  lease-not-found"},
		{ops.Read, history.Value{}, "ok null "},
	} {
		out := do(step.f, "a", step.value)
		if got := fmt.Sprintf("%v %v %v", out.Type, out.Value, out.Error); got != step.want {
			t.Errorf("%s: %q, want %q", step.f, got, step.want)
		}
	}
}

// A lock is held by the session of a client until that releases it, or is gone for longer than the TTL of its lease. The next holder
// has a larger token, and the register that the lock protects knows that.
func TestEtcdLocks(t *testing.T) {
	addr := etcdMember(t)
	options := map[string]string{"lock_ttl": "1s"}
	first, second := open(t, etcd.Open, addr, options), open(t, etcd.Open, addr, options)
	acquire, release := cluster.Op{Object: ops.FencedLock, F: ops.Acquire, Key: "l"}, cluster.Op{Object: ops.FencedLock, F: ops.Release, Key: "l"}
	refused := func(c cluster.Client, op cluster.Op) {
		t.Helper()
		if out := c.Do(op); out.Type != history.Fail || out.Error != history.PreconditionFailed {
			t.Errorf("%s: %+v", op.F, out)
		}
	}
	write := func(token history.Value) cluster.Op {
		n, _ := token.Int()
		return cluster.Op{Object: ops.FencedLock, F: ops.FencedWrite, Key: "l", Value: ops.Fenced{Token: n, Value: history.IntValue(5)}.Encode()}
	}
	refused(first, release)
	held := first.Do(acquire)
	if held.Type != history.OK {
		t.Fatalf("%+v", held)
	}
	refused(first, acquire)
	refused(second, acquire)
	refused(second, release)
	if out := first.Do(write(held.Value)); out.Type != history.OK {
		t.Errorf("%+v", out)
	}
	first.Close() // it does not revoke its lease
	var next cluster.Outcome
	for next = second.Do(acquire); next.Type == history.Fail; next = second.Do(acquire) {
		time.Sleep(100 * time.Millisecond)
	}
	if before, _ := held.Value.Int(); next.Type != history.OK || next.LogIndex <= uint64(before) {
		t.Fatalf("%+v after %d", next, before)
	}
	late := open(t, etcd.Open, addr, options)
	if out := late.Do(write(held.Value)); out.Type != history.OK {
		t.Errorf("no larger token has come yet: %+v", out)
	}
	if out := second.Do(write(next.Value)); out.Type != history.OK {
		t.Errorf("%+v", out)
	}
	refused(late, write(held.Value))
	if out := late.Do(cluster.Op{Object: ops.FencedLock, F: ops.Read, Key: "l"}); !out.Value.Equal(write(next.Value).Value) {
		t.Errorf("%+v", out)
	}
	if out := second.Do(release); out.Type != history.OK {
		t.Errorf("%+v", out)
	}
}
