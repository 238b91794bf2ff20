package network

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"
)

// unix listens on a Unix socket or dials one.
func (s *script) unix(verb string, h *Host, path string, say func(string)) error {
	if verb == "dialunix" {
		c, err := h.DialUnix(path)
		if err != nil {
			return err
		}
		s.name(h.Name(), path, c)
		say("connected")
		return nil
	}
	l, err := h.ListenUnix(path)
	if err != nil {
		return err
	}
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			s.name(path, h.Name(), c)
		}
	}()
	return nil
}

// onPacket carries out what is done to a socket for datagrams.
func (s *script) onPacket(verb string, args []string, say func(string)) error {
	if verb == "packet" {
		p, err := s.host(args[0]).ListenPacket(args[1])
		if err == nil {
			s.packets[p.Local().String()] = p
		}
		return err
	}
	p := s.packets[args[0]]
	if p == nil {
		return errors.New("no such socket")
	}
	switch verb {
	case "connect":
		return p.Connect(Addr(args[1]).endpoint())
	case "send":
		return p.SendTo(Addr(args[1]).endpoint(), content(args[2]))
	case "receive":
		return receive(p.Receive, say)
	default:
		for {
			if err := receive(p.Receive, say); err != nil {
				return err
			}
		}
	}
}

func receive(f func([]byte) (int, Endpoint, error), say func(string)) error {
	b := make([]byte, maxDatagram)
	k, from, err := f(b)
	if err == nil {
		say(fmt.Sprintf("%s from %v", quote(b[:k]), from))
	}
	return err
}

// polling is the poller of a host and what is done about its events.
type polling struct {
	poller *Poller
	react  []func(Event)
}

// poll adds a source to the poller of its host: a listener on a host, a connection's end, or a socket for datagrams.
func (s *script) poll(what string, say func(string)) error {
	if p := s.packets[what]; p != nil {
		s.watchEvents(p.host, p, func(Event) {
			all(say, func() error { return receive(p.TryReceive, say) })
		})
		return nil
	}
	if c, err := s.end(what); err == nil {
		s.watchEvents(c.host, c, func(e Event) { onEvent(c, e, say) })
		return nil
	}
	h := s.host(what)
	l, err := h.Listen("1")
	if err != nil {
		return err
	}
	s.watchEvents(h, l, func(Event) {
		all(say, func() error {
			c, err := l.TryAccept()
			if err != nil {
				return err
			}
			s.name(h.Name(), c.RemoteAddr().String(), c)
			name := h.Name() + "-" + c.RemoteAddr().String()
			say(name)
			s.watchEvents(h, c, func(e Event) { onEvent(c, e, func(text string) { say(name + " " + text) }) })
			return nil
		})
	})
	return nil
}

func onEvent(c *Conn, e Event, say func(string)) {
	if e.Write {
		say("has room")
		return
	}
	all(say, func() error { return readOnce(readerFunc(c.TryRead), say) })
}

// all repeats what does not wait until there is nothing to do.
func all(say func(string), try func() error) {
	for {
		if err := try(); errors.Is(err, syscall.EAGAIN) {
			return
		} else if err != nil {
			say(explain(err))
			return
		}
	}
}

// watchEvents has the poller of a host, for which there is one goroutine, react to the events of a source.
func (s *script) watchEvents(h *Host, source Source, react func(Event)) {
	p := s.pollers[h]
	if p == nil {
		p = &polling{poller: h.NewPoller()}
		s.pollers[h] = p
		go p.run()
	}
	p.react = append(p.react, react)
	p.poller.Add(source, uint64(len(p.react)-1))
}

func (p *polling) run() {
	for {
		events, err := p.poller.Wait(time.Time{})
		if err != nil {
			return
		}
		for _, e := range events {
			p.react[e.Key](e)
		}
	}
}

// setLiveness sets the keep-alive by idle time, interval and count, or the user time-out.
func setLiveness(c *Conn, args []string) error {
	idle, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	if len(args) == 1 {
		c.SetUserTimeout(idle)
		return nil
	}
	interval, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	count, err := strconv.Atoi(args[2])
	c.SetKeepAlive(idle, interval, count)
	return err
}

func setDeadline(c net.Conn, which, when string) error {
	t := time.Time{}
	if when != "none" {
		d, err := time.ParseDuration(when)
		if err != nil {
			return err
		}
		t = time.Now().Add(d)
	}
	switch which {
	case "read":
		return c.SetReadDeadline(t)
	case "write":
		return c.SetWriteDeadline(t)
	default:
		return c.SetDeadline(t)
	}
}
