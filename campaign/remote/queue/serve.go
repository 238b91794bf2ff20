package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
)

// Protocol is the version of what the two programs say to each other.
const Protocol = 1

// Open connects to a queue. The errors are the user's to mend and say how.
type Open func(context.Context, Server) (Queue, error)

// Serve lets the program at the other end of a connection use a queue, and returns when the connection ends.
func Serve(conn io.ReadWriteCloser, open Open) error {
	s := rpc.NewServer()
	service := &service{open: open}
	if err := s.RegisterName(serviceName, service); err != nil {
		return err
	}
	s.ServeConn(conn)
	if service.queue != nil {
		return service.queue.Close()
	}
	return nil
}

const serviceName = "Queue"

// service is a queue as package rpc wants it. Its first call is Open.
type service struct {
	open  Open
	queue Queue
}

// opening is the argument of Open.
type opening struct {
	Protocol int
	Server   Server
}

// opened is its result.
type opened struct{ Where string }

func (s *service) Open(o opening, r *opened) error {
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

// none is the result of calls that return nothing.
type none struct{}

// campaignTask names tasks of a campaign.
type campaignTask struct{ Lane, Campaign, Key string }

// fetching is the argument of Fetch.
type fetching struct {
	Lanes []string
	Most  int
}

// object is something large.
type object struct {
	Name string
	Data []byte
}

func (s *service) Meet(p Party, r *[]Party) (err error) {
	*r, err = s.queue.Meet(context.Background(), p)
	return err
}

func (s *service) Newcomers(_ none, r *[]Party) (err error) {
	*r, err = s.queue.Newcomers(context.Background())
	return err
}

func (s *service) Publish(t Task, _ *none) error { return s.queue.Publish(context.Background(), t) }

func (s *service) Queued(of campaignTask, r *[]string) (err error) {
	*r, err = s.queue.Queued(context.Background(), of.Lane, of.Campaign)
	return err
}

func (s *service) Withdraw(of campaignTask, _ *none) error {
	return s.queue.Withdraw(context.Background(), of.Lane, of.Campaign, of.Key)
}

func (s *service) Answers(campaign string, r *[]Answer) (err error) {
	*r, err = s.queue.Answers(context.Background(), campaign)
	return err
}

func (s *service) Settle(all []Answer, _ *none) error {
	return s.queue.Settle(context.Background(), all...)
}

func (s *service) Forget(campaign string, _ *none) error {
	return s.queue.Forget(context.Background(), campaign)
}

func (s *service) Fetch(f fetching, r *[]Task) (err error) {
	*r, err = s.queue.Fetch(context.Background(), f.Lanes, f.Most)
	return err
}

func (s *service) Beat(t Task, _ *none) error { return s.queue.Beat(context.Background(), t) }

func (s *service) Answer(a Answer, _ *none) error { return s.queue.Answer(context.Background(), a) }

func (s *service) Finish(t Task, _ *none) error { return s.queue.Finish(context.Background(), t) }

func (s *service) Return(t Task, _ *none) error { return s.queue.Return(context.Background(), t) }

func (s *service) Put(o object, _ *none) error {
	return s.queue.Put(context.Background(), o.Name, o.Data)
}

func (s *service) Get(name string, r *[]byte) (err error) {
	*r, err = s.queue.Get(context.Background(), name)
	return err
}
