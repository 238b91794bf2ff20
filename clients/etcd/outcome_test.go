package etcd

import (
	"context"
	"net"
	"testing"
	"time"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

// member is a server whose every answer is an error, or that does something else instead of answering.
type member struct {
	pb.UnimplementedKVServer
	answer func(context.Context) error
}

func (m *member) Range(ctx context.Context, _ *pb.RangeRequest) (*pb.RangeResponse, error) {
	return nil, m.answer(ctx)
}

func (m *member) Put(ctx context.Context, _ *pb.PutRequest) (*pb.PutResponse, error) {
	return nil, m.answer(ctx)
}

func (m *member) DeleteRange(ctx context.Context, _ *pb.DeleteRangeRequest) (*pb.DeleteRangeResponse, error) {
	return nil, m.answer(ctx)
}

func (m *member) Txn(ctx context.Context, _ *pb.TxnRequest) (*pb.TxnResponse, error) {
	return nil, m.answer(ctx)
}

// serve starts a member, and returns its address.
func serve(t *testing.T, answer func(context.Context) error) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	pb.RegisterKVServer(s, &member{answer: answer})
	go func() { _ = s.Serve(l) }()
	t.Cleanup(s.Stop)
	return l.Addr().String()
}

func open(t *testing.T, addr string, timeout time.Duration) cluster.Client {
	c, err := Open(foreign.Target{Endpoints: []string{addr}, Node: "n1", Nodes: []string{"n1"}, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var changes = []cluster.Op{
	{F: "write", Key: "k", Value: history.IntValue(1)},
	{F: "cas", Key: "k", Value: history.PairValue(1, 2)},
	{F: "delete", Key: "k"},
	{Object: "set", F: "add", Key: "k", Value: history.IntValue(1)},
	{Object: "queue", F: "enqueue", Key: "k", Value: history.IntValue(1)},
	{Object: "ids", F: "generate", Key: "k"},
}

func TestErrorsOfAMember(t *testing.T) {
	for _, c := range []struct {
		err  error
		want history.Type
	}{
		{rpctypes.ErrGRPCNoLeader, history.Fail},
		{rpctypes.ErrGRPCNotCapable, history.Fail},
		{rpctypes.ErrGRPCNotSupportedForLearner, history.Fail},
		{rpctypes.ErrGRPCRequestTooManyRequests, history.Fail},
		{rpctypes.ErrGRPCRequestTooLarge, history.Fail},
		{rpctypes.ErrGRPCEmptyKey, history.Fail},
		{rpctypes.ErrGRPCTooManyOps, history.Fail},
		{rpctypes.ErrGRPCDuplicateKey, history.Fail},
		{rpctypes.ErrGRPCLeaseNotFound, history.Fail},
		{status.Error(codes.Unknown, "raft proposal dropped"), history.Fail},

		{rpctypes.ErrGRPCNoSpace, history.Info},
		{rpctypes.ErrGRPCLeaderChanged, history.Info},
		{rpctypes.ErrGRPCNotLeader, history.Info},
		{rpctypes.ErrGRPCStopped, history.Info},
		{rpctypes.ErrGRPCTimeout, history.Info},
		{rpctypes.ErrGRPCTimeoutDueToLeaderFail, history.Info},
		{rpctypes.ErrGRPCTimeoutDueToConnectionLost, history.Info},
		{rpctypes.ErrGRPCTimeoutWaitAppliedIndex, history.Info},
		{rpctypes.ErrGRPCUnhealthy, history.Info},
		{rpctypes.ErrGRPCCorrupt, history.Info},
		{rpctypes.ErrGRPCCanceled, history.Info},
		{rpctypes.ErrGRPCDeadlineExceeded, history.Info},
		{status.Error(codes.Unavailable, "transport is closing"), history.Info},
		{status.Error(codes.Unknown, "something new"), history.Info},
		{status.Error(codes.Internal, "something new"), history.Info},
	} {
		client := open(t, serve(t, func(context.Context) error { return c.err }), 200*time.Millisecond)
		for _, op := range changes {
			if out := client.Do(op); out.Type != c.want || out.Node != "n1" && out.Node != "127.0.0.1" || out.Error == "" {
				t.Errorf("%v of a %s: %+v, want %v", c.err, op.F, out, c.want)
			}
		}
	}
}

func TestReadsThatErrFail(t *testing.T) {
	for _, err := range []error{rpctypes.ErrGRPCTimeout, rpctypes.ErrGRPCCorrupt, rpctypes.ErrGRPCDeadlineExceeded} {
		client := open(t, serve(t, func(context.Context) error { return err }), 200*time.Millisecond)
		if out := client.Do(cluster.Op{F: "read", Key: "k"}); out.Type != history.Fail || out.Error == "" {
			t.Errorf("read: %+v", out)
		}
	}
}

// A change that was sent and not answered is unknown, however the wait for the answer ends.
func TestNoAnswer(t *testing.T) {
	var broken *grpc.Server
	for name, answer := range map[string]func(context.Context) error{
		"silence":            func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"connection dropped": func(context.Context) error { go broken.Stop(); time.Sleep(50 * time.Millisecond); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			broken = grpc.NewServer()
			pb.RegisterKVServer(broken, &member{answer: answer})
			go func() { _ = broken.Serve(l) }()
			defer broken.Stop()
			out := open(t, l.Addr().String(), 500*time.Millisecond).Do(changes[0])
			if out.Type != history.Info || out.Error == "" {
				t.Errorf("%+v", out)
			}
		})
	}
}

// A change that no connection could take was certainly not made, although it ends by a time-out as well.
func TestNotSent(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts connections, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing.Close()
	for _, l := range []net.Listener{silent, refusing} {
		for _, op := range changes {
			if out := open(t, l.Addr().String(), 200*time.Millisecond).Do(op); out.Type != history.Fail || out.Error != "not sent: timeout" {
				t.Errorf("%s: %+v", op.F, out)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	for options, want := range map[string]string{
		"serializable": `option serializable of the client: "x" is none of: true, false`,
		"affinity":     `option affinity of the client: "x" is none of: stay, roam`,
		"keepalive":    `option keepalive of the client: "x" is none of: times such as 200ms or 3s`,
		"serialisable": `the client has no option "serialisable"; did you mean serializable?`,
	} {
		_, err := Open(foreign.Target{Endpoints: []string{"n1:2379"}, Options: map[string]string{options: "x"}})
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", options, err)
		}
	}
}

// What a client has read from one member is a promise as long as the connection lasts.
func TestSessionEndsWithItsConnection(t *testing.T) {
	s := grpc.NewServer()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pb.RegisterKVServer(s, &member{answer: func(context.Context) error { return rpctypes.ErrGRPCTimeout }})
	go func() { _ = s.Serve(l) }()
	c, err := Open(foreign.Target{
		Endpoints: []string{l.Addr().String()}, Node: "n1", Options: map[string]string{"serializable": "true"}, Timeout: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if out := c.Do(changes[0]); out.Over {
		t.Errorf("%+v", out)
	}
	s.Stop()
	if out := c.Do(cluster.Op{F: "read", Key: "k"}); !out.Over {
		t.Errorf("%+v", out)
	}
}
