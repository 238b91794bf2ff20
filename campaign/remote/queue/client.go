package queue

import (
	"context"
	"errors"
	"io"
	"net/rpc"
)

// ErrClosed means that the queue is gone for good, and not only for a while.
var ErrClosed = errors.New("the program that has the queue has ended")

// client is a queue that another program has.
type client struct {
	rpc   *rpc.Client
	where string
}

// Connect opens a queue of the program at the other end of a connection, which it closes if it cannot.
func Connect(ctx context.Context, conn io.ReadWriteCloser, at Server) (Queue, error) {
	c := &client{rpc: rpc.NewClient(conn)}
	r, err := call[Opened](ctx, c, "Open", Opening{Protocol, at})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.where = r.Where
	return c, nil
}

// call calls the other program. When the context ends it does not wait for the result, whatever that will be.
func call[R, A any](ctx context.Context, c *client, method string, argument A) (R, error) {
	result := new(R)
	if ctx.Err() != nil {
		return *result, ctx.Err()
	}
	done := c.rpc.Go(serviceName+"."+method, argument, result, make(chan *rpc.Call, 1)).Done
	select {
	case <-ctx.Done():
		return *new(R), ctx.Err()
	case answered := <-done:
		if errors.Is(answered.Error, rpc.ErrShutdown) || errors.Is(answered.Error, io.ErrUnexpectedEOF) || errors.Is(answered.Error, io.EOF) {
			return *result, ErrClosed
		}
		return *result, answered.Error
	}
}

func (c *client) Meet(ctx context.Context, p Party) ([]Party, error) {
	return call[[]Party](ctx, c, "Meet", p)
}

func (c *client) Newcomers(ctx context.Context) ([]Party, error) {
	return call[[]Party](ctx, c, "Newcomers", None{})
}

func (c *client) Publish(ctx context.Context, t Task) error {
	_, err := call[None](ctx, c, "Publish", t)
	return err
}

func (c *client) Left(ctx context.Context, lane, campaign string) ([]Task, error) {
	return call[[]Task](ctx, c, "Left", TaskName{Lane: lane, Campaign: campaign})
}

func (c *client) Queued(ctx context.Context, lane, campaign string) ([]string, error) {
	return call[[]string](ctx, c, "Queued", TaskName{Lane: lane, Campaign: campaign})
}

func (c *client) Withdraw(ctx context.Context, lane, campaign, key string) error {
	_, err := call[None](ctx, c, "Withdraw", TaskName{lane, campaign, key})
	return err
}

func (c *client) Answers(ctx context.Context, campaign string) ([]Answer, error) {
	return call[[]Answer](ctx, c, "Answers", campaign)
}

func (c *client) Settle(ctx context.Context, all ...Answer) error {
	tokens := make([]Answer, len(all)) // without their bodies
	for i, a := range all {
		tokens[i] = Answer{Campaign: a.Campaign, Key: a.Key, Digest: a.Digest, Token: a.Token}
	}
	_, err := call[None](ctx, c, "Settle", tokens)
	return err
}

func (c *client) Forget(ctx context.Context, campaign string) error {
	_, err := call[None](ctx, c, "Forget", campaign)
	return err
}

func (c *client) Fetch(ctx context.Context, lanes []string, most int) ([]Task, error) {
	return call[[]Task](ctx, c, "Fetch", Fetching{lanes, most})
}

func (c *client) Beat(ctx context.Context, t Task) error {
	t.Body = nil
	_, err := call[None](ctx, c, "Beat", t)
	return err
}

func (c *client) Answer(ctx context.Context, a Answer) error {
	_, err := call[None](ctx, c, "Answer", a)
	return err
}

func (c *client) Finish(ctx context.Context, t Task) error {
	t.Body = nil
	_, err := call[None](ctx, c, "Finish", t)
	return err
}

func (c *client) Return(ctx context.Context, t Task) error {
	_, err := call[None](ctx, c, "Return", t)
	return err
}

func (c *client) Put(ctx context.Context, name string, data []byte) error {
	_, err := call[None](ctx, c, "Put", Object{name, data})
	return err
}

func (c *client) Get(ctx context.Context, name string) ([]byte, error) {
	return call[[]byte](ctx, c, "Get", name)
}

func (c *client) Where() string { return c.where }

func (c *client) Close() error { return c.rpc.Close() }
