package nats

import (
	"context"
	"errors"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/cluster"
	"faultline/history"
)

// definite are the errors that mean that nothing was published and nothing will be, with the reason in the source of the
// library or the server. Everything else is unknown, and these above all:
//
//   - nats: connection closed, nats: server disconnected: what was written is on its way.
//   - the server's own errors with codes from 500: some are sent by a leader that has proposed the message.
//   - invalid jetstream publish response: whoever sent it may have stored the message.
var definite = []struct {
	err error
	why string
}{
	{errNotConnected, "the client has not begun"},
	{natsgo.ErrReconnectBufExceeded, "the library was about to publish when there was no connection, and keeps nothing for later"},
	{natsgo.ErrMaxPayload, "the library measures a message before it writes it"},
	{natsgo.ErrHeadersNotSupported, "the library looks at what the server can do before it writes"},
	{jetstream.ErrInvalidKey, "the library looks at a key before it publishes"},
	{jetstream.ErrNoStreamResponse, "the server had nobody to give the message to, at each attempt"},
	{jetstream.ErrKeyRevisionMismatch, "the stream compares sequences before it stores a message"},
	{jetstream.ErrStreamMessageExceedsMaximum, "the leader of the stream measures a message before it proposes it"},
}

// unread is the outcome of a read that found nothing out: it has changed nothing.
func unread(err error) cluster.Outcome { return failed(reason(err)) }

// unchanged is the outcome of a change that was answered by an error.
func unchanged(err error) cluster.Outcome {
	for _, d := range definite {
		if errors.Is(err, d.err) {
			return failed(reason(err))
		}
	}
	return cluster.Outcome{Type: history.Info, Error: reason(err)}
}

func failed(why string) cluster.Outcome { return cluster.Outcome{Type: history.Fail, Error: why} }

// reason is an error in few words.
func reason(err error) string {
	var answered jetstream.JetStreamError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &answered) && answered.APIError() != nil:
		return answered.APIError().Description
	default:
		return err.Error()
	}
}
