package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
)

// Protocol is the version of what the two programs say to each other.
const Protocol = 2

// Open connects to a queue. The errors are the user's to mend and say how.
type Open func(context.Context, Server) (Queue, error)

// Serve lets the program at the other end of a connection use a queue, and returns when the connection ends.
func Serve(conn io.ReadWriteCloser, open Open) error {
	s := rpc.NewServer()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	service := &service{ctx: ctx, open: open}
	if err := s.RegisterName(serviceName, service); err != nil {
		return err
	}
	s.ServeConn(ending{conn, cancel})
	if service.queue != nil {
		return service.queue.Close()
	}
	return nil
}

// ending is a connection that says when nothing more comes. Package rpc waits for calls that are under way then, which need not wait for
// anything any more.
type ending struct {
	io.ReadWriteCloser
	ended func()
}

func (e ending) Read(b []byte) (int, error) {
	n, err := e.ReadWriteCloser.Read(b)
	if err != nil {
		e.ended()
	}
	return n, err
}

const serviceName = "Queue"

// service is a queue as package rpc wants it. Its first call is Open.
type service struct {
	ctx   context.Context // ends with the connection
	open  Open
	queue Queue
}

// Opening is the argument of Open.
type Opening struct {
	Protocol int
	Server   Server
}

// Opened is its result.
type Opened struct{ Where string }

func (s *service) Open(o Opening, r *Opened) error {
	if o.Protocol != Protocol {
		return fmt.Errorf("it is of another version of Faultline (it speaks version %d of the protocol, and not %d)", Protocol, o.Protocol)
	}
	if s.queue != nil {
		return errors.New("it is open already")
	}
	var err error
	if s.queue, err = s.open(context.Background(), o.Server); err == nil {
		r.Where = s.queue.Where()
	}
	return err
}

// None is the result of calls that return nothing.
type None struct{}

// TaskName names tasks of a campaign.
type TaskName struct{ Lane, Campaign, Key string }

// Fetching is the argument of Fetch.
type Fetching struct {
	Lanes []string
	Most  int
}

// Object is something large.
type Object struct {
	Name string
	Data []byte
}

func (s *service) Meet(p Party, r *[]Party) (err error) {
	*r, err = s.queue.Meet(context.Background(), p)
	return err
}

func (s *service) Newcomers(_ None, r *[]Party) (err error) {
	*r, err = s.queue.Newcomers(s.ctx)
	return err
}

func (s *service) Publish(t Task, _ *None) error { return s.queue.Publish(context.Background(), t) }

func (s *service) Left(of TaskName, r *[]Task) (err error) {
	*r, err = s.queue.Left(context.Background(), of.Lane, of.Campaign)
	return err
}

func (s *service) Queued(of TaskName, r *[]string) (err error) {
	*r, err = s.queue.Queued(context.Background(), of.Lane, of.Campaign)
	return err
}

func (s *service) Withdraw(of TaskName, _ *None) error {
	return s.queue.Withdraw(context.Background(), of.Lane, of.Campaign, of.Key)
}

func (s *service) Answers(campaign string, r *[]Answer) (err error) {
	*r, err = s.queue.Answers(s.ctx, campaign)
	return err
}

func (s *service) Settle(all []Answer, _ *None) error {
	return s.queue.Settle(context.Background(), all...)
}

func (s *service) Forget(campaign string, _ *None) error {
	return s.queue.Forget(context.Background(), campaign)
}

func (s *service) Fetch(f Fetching, r *[]Task) (err error) {
	*r, err = s.queue.Fetch(s.ctx, f.Lanes, f.Most)
	return err
}

func (s *service) Beat(t Task, _ *None) error { return s.queue.Beat(context.Background(), t) }

func (s *service) Answer(a Answer, _ *None) error { return s.queue.Answer(context.Background(), a) }

func (s *service) Finish(t Task, _ *None) error { return s.queue.Finish(context.Background(), t) }

func (s *service) Return(t Task, _ *None) error { return s.queue.Return(context.Background(), t) }

func (s *service) Put(o Object, _ *None) error {
	return s.queue.Put(context.Background(), o.Name, o.Data)
}

func (s *service) Get(name string, r *[]byte) (err error) {
	*r, err = s.queue.Get(context.Background(), name)
	return err
}
