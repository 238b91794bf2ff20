package nats

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

// answered is an error of the server, as the library returns it.
func answered(code int, number jetstream.ErrorCode, text string) error {
	return fmt.Errorf("nats: %w", &jetstream.APIError{Code: code, ErrorCode: number, Description: text})
}

func TestErrorsOfAChange(t *testing.T) {
	for _, c := range []struct {
		err  error
		want history.Type
	}{
		{errNotConnected, history.Fail},
		{natsgo.ErrReconnectBufExceeded, history.Fail},
		{natsgo.ErrMaxPayload, history.Fail},
		{jetstream.ErrNoStreamResponse, history.Fail},
		{fmt.Errorf("%w: %w", answered(400, 10071, "wrong last sequence: 5"), jetstream.ErrKeyRevisionMismatch), history.Fail},
		{fmt.Errorf("%w: %w", answered(400, 10164, "wrong last sequence"), jetstream.ErrKeyRevisionMismatch), history.Fail},
		{answered(400, 10054, "message size exceeds maximum allowed"), history.Fail},

		{context.DeadlineExceeded, history.Info},
		{natsgo.ErrTimeout, history.Info},
		{natsgo.ErrConnectionClosed, history.Info},
		{natsgo.ErrDisconnected, history.Info},
		{jetstream.ErrInvalidJSAck, history.Info},
		{answered(503, 10008, "JetStream system temporarily unavailable"), history.Info},
		{answered(503, 10077, "no space left on device"), history.Info},
		{answered(500, 10023, "insufficient resources"), history.Info},
		{errors.New("something new"), history.Info},
	} {
		if out := unchanged(c.err); out.Type != c.want || out.Error == "" {
			t.Errorf("%v: %+v, want %v", c.err, out, c.want)
		}
	}
}

func TestReadsThatErrFail(t *testing.T) {
	if out := unread(context.DeadlineExceeded); out.Type != history.Fail || out.Error != "timeout" {
		t.Errorf("%+v", out)
	}
}

// Whether nobody listens or nobody answers, the operation waits for a connection until its time is up, and was never sent.
func TestNotConnected(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
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
		c, err := OpenKV(foreign.Target{Endpoints: []string{l.Addr().String()}, Node: "n1", Nodes: []string{"n1"}, Timeout: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		out := c.Do(cluster.Op{F: "write", Key: "k", Value: history.IntValue(1)})
		if out.Type != history.Fail || out.Error != "not sent: not connected" || out.Node != "n1" {
			t.Errorf("%+v", out)
		}
		c.Close()
	}
}
