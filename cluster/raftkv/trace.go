package raftkv

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/report"
)

// A trace is made of what was written on the network, when the test is over: while a world runs, writes are only copied.
// What a process wrote it has said, whatever becomes of it, and when the last byte of it is read it was heard. So
// what is left of a dead process says nothing, and one that is paused hears what was sent to it when it goes on. What was
// begun and never finished is no message.

// parsed is a message in the bytes of one direction of a connection.
type parsed struct {
	kind   string
	term   uint64
	detail string
	size   int // in bytes
}

// protocol reads the messages of a connection.
type protocol interface {
	// request reads the message that b begins with; false if b ends before it does, or it is none.
	request(b []byte) (parsed, bool)
	// response reads an answer to a request of the given kind.
	response(kind string, b []byte) (parsed, bool)
}

func protocolOf(port string) protocol {
	if ":"+port == raftPort {
		return newRaftProtocol()
	}
	return kvProtocol{}
}

// messages are those that some writes consist of, in the order in which they were begun.
func messages(writes []network.Written) []report.Message {
	var talks []*talk
	for i, w := range writes {
		for w.Conn > len(talks) {
			talks = append(talks, &talk{})
		}
		talks[w.Conn-1].add(i, w)
	}
	var all []*spoken
	for _, t := range talks {
		all = append(all, t.messages()...)
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

// hostName is what a message calls a host: a client's is client-7.
func hostName(host string) string { return strings.Replace(host, "client-", "client ", 1) }

// messages are the requests, and the answers in the same order: all who speak here answer one request after the other.
func (t *talk) messages() []*spoken {
	p := protocolOf(t.port)
	var requests, answers []*spoken
	for {
		m, ok := p.request(t.requests.rest())
		if !ok {
			break
		}
		requests = append(requests, t.requests.take(m, t.dialer, t.acceptor))
	}
	for _, r := range requests {
		m, ok := p.response(r.Kind, t.answers.rest())
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
func (s *saying) take(m parsed, from, to string) *spoken {
	first, last := s.partAt(s.taken), s.partAt(s.taken+m.size-1)
	s.taken += m.size
	return &spoken{write: first.write, Message: report.Message{From: from, To: to, Kind: m.kind,
		Sent: first.sent, Received: last.read, Term: m.term, Detail: m.detail}}
}

// partAt finds the write that a byte is of.
func (s *saying) partAt(offset int) part {
	return s.parts[sort.SearchInts(s.ends, offset+1)]
}
