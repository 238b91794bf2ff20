package main

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/rpc"
	"sync"
	"time"
)

// errNothingDone means that no acceptor was asked to accept anything.
var errNothingDone = errors.New("no majority has promised")

var errUnsure = errors.New("no majority has accepted, and some may have")

// proposer changes registers.
type proposer struct {
	name      string
	acceptors []*peer

	mu     sync.Mutex
	number int // the highest of a ballot that was seen
}

const attempts = 5

// propose changes a key by a function of its value, and returns the value that it then has.
func (p *proposer) propose(key string, change func(old string) string) (string, error) {
	for range attempts {
		ballot := p.next()
		promises := p.ask("Acceptor.Prepare", Request{Key: key, Ballot: ballot})
		if promises == nil { // somebody else is at it
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			continue
		}
		latest := promises[0].Register
		for _, promise := range promises {
			if latest.Accepted.less(promise.Register.Accepted) {
				latest = promise.Register
			}
		}
		value := change(latest.Value)
		if p.ask("Acceptor.Accept", Request{Key: key, Ballot: ballot, Value: value}) == nil {
			return "", errUnsure
		}
		return value, nil
	}
	return "", errNothingDone
}

// next is a ballot above all that this node has seen.
func (p *proposer) next() Ballot {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	return Ballot{p.number, p.name}
}

func (p *proposer) saw(b Ballot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number = max(p.number, b.Number)
}

// ask asks all acceptors and returns what a majority has agreed to; nil if none has.
func (p *proposer) ask(method string, q Request) []Reply {
	replies := make(chan Reply, len(p.acceptors))
	for _, a := range p.acceptors {
		go func() { replies <- a.call(method, q) }()
	}
	var agreed []Reply
	for range p.acceptors {
		r := <-replies
		p.saw(r.Register.Promised)
		if r.OK {
			agreed = append(agreed, r)
		}
		if len(agreed) > len(p.acceptors)/2 {
			return agreed
		}
	}
	return nil
}

// peer is a node's acceptor, over one connection.
type peer struct {
	addr string

	mu     sync.Mutex
	client *rpc.Client
}

const patience = 300 * time.Millisecond

// call asks the acceptor. One that does not answer in time has not agreed.
func (p *peer) call(method string, q Request) Reply {
	client, err := p.connect()
	if err != nil {
		return Reply{}
	}
	reply := Reply{}
	call := client.Go(method, q, &reply, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		if call.Error == nil {
			return reply
		}
	case <-time.After(patience):
	}
	p.drop(client)
	return Reply{}
}

func (p *peer) connect() (*rpc.Client, error) {
	p.mu.Lock()
	client := p.client
	p.mu.Unlock()
	if client != nil {
		return client, nil
	}
	conn, err := net.DialTimeout("tcp", p.addr, patience)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.client = rpc.NewClient(conn)
	return p.client, nil
}

// drop gives a connection up.
func (p *peer) drop(client *rpc.Client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.client == client {
		p.client = nil
	}
	_ = client.Close()
}
