// Package trace makes messages of what was written on a network, when the test is over: while a world runs, writes are only
// copied.
//
// What a process wrote it has said, whatever becomes of it, and when the last byte of it is read it was heard. So what is left
// of a dead process says nothing, and one that is paused hears what was sent to it when it goes on. What was begun and
// never finished is no message.
package trace

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/report"
)

// Protocol reads the messages of a connection, on which one end asks and the other answers one request after the other.
type Protocol interface {
	// Request reads the message that b begins with; false if b ends before it does, or it is none.
	Request(b []byte) (Parsed, bool)
	// Response reads an answer to a request of the given kind.
	Response(kind string, b []byte) (Parsed, bool)
}

// Parsed is a message in the bytes of one direction of a connection. See report.Message.
type Parsed struct {
	Kind   string
	Term   uint64
	Detail string
	Clock  string
	Size   int // in bytes
}

// NewProtocol returns the protocol of one connection.
type NewProtocol func() Protocol

// Messages are those that some writes consist of, in the order in which they were begun. What was said on a port without a
// protocol is left out.
func Messages(writes []network.Written, protocols map[string]NewProtocol) []report.Message {
	var talks []*talk
	for i, w := range writes {
		for w.Conn > len(talks) {
			talks = append(talks, &talk{})
		}
		if !w.Datagram { // a protocol is that of a connection
			talks[w.Conn-1].add(i, w)
		}
	}
	var all []*spoken
	for _, t := range talks {
		if protocol := protocols[t.port]; protocol != nil {
			all = append(all, t.messages(protocol())...)
		}
	}
	return numbered(all)
}

// spoken is a message without its number.
type spoken struct {
	report.Message
	write int     // the number of the write that it begins with
	to    *spoken // what it answers
}

// numbered gives messages their numbers.
func numbered(all []*spoken) []report.Message {
	slices.SortFunc(all, func(a, b *spoken) int { return cmp.Compare(a.write, b.write) })
	for i, m := range all {
		m.ID = i + 1
	}
	list := make([]report.Message, 0, len(all))
	for _, m := range all {
		if m.to != nil {
			m.ReplyTo = m.to.ID
		}
		list = append(list, m.Message)
	}
	return list
}

// talk is what was said on one connection.
type talk struct {
	port              string
	dialer, acceptor  string
	requests, answers saying
}

func (t *talk) add(i int, w network.Written) {
	t.port = w.Port
	if w.Dialer {
		t.dialer, t.acceptor = hostName(w.From), hostName(w.To)
		t.requests.add(i, w)
	} else {
		t.dialer, t.acceptor = hostName(w.To), hostName(w.From)
		t.answers.add(i, w)
	}
}

// Client is what the name of a client's host begins with, before its number.
const Client = "client-"

// hostName is what a message calls a host: client-7 is "client 7".
func hostName(host string) string { return strings.Replace(host, Client, "client ", 1) }

// messages are the requests, and the answers in the same order.
func (t *talk) messages(p Protocol) []*spoken {
	var requests, answers []*spoken
	for {
		m, ok := p.Request(t.requests.rest())
		if !ok {
			break
		}
		requests = append(requests, t.requests.take(m, t.dialer, t.acceptor))
	}
	for _, r := range requests {
		m, ok := p.Response(r.Kind, t.answers.rest())
		if !ok {
			break
		}
		answer := t.answers.take(m, t.acceptor, t.dialer)
		answer.to = r
		answers = append(answers, answer)
	}
	return append(requests, answers...)
}

// saying is one direction of a connection.
type saying struct {
	bytes []byte
	taken int
	ends  []int // where in bytes each write ends
	parts []part
}

// part is one write.
type part struct {
	write      int
	sent, read time.Duration
}

func (s *saying) add(i int, w network.Written) {
	s.bytes = append(s.bytes, w.Bytes...)
	s.ends = append(s.ends, len(s.bytes))
	s.parts = append(s.parts, part{i, w.Sent, w.Read})
}

func (s *saying) rest() []byte { return s.bytes[s.taken:] }

// take makes a message of the next bytes.
func (s *saying) take(m Parsed, from, to string) *spoken {
	first, last := s.partAt(s.taken), s.partAt(s.taken+m.Size-1)
	s.taken += m.Size
	return &spoken{write: first.write, Message: report.Message{From: from, To: to, Kind: m.Kind,
		Sent: first.sent, Received: last.read, Term: m.Term, Detail: m.Detail, Clock: m.Clock}}
}

// partAt finds the write that a byte is of.
func (s *saying) partAt(offset int) part {
	return s.parts[sort.SearchInts(s.ends, offset+1)]
}
