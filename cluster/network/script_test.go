package network

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"
)

// TestScripts runs the protocol as scripts. Each line says when and what:
//
//	0ms   listen b             a process on b accepts connections
//	0ms   watch b              likewise, and it is said what it accepts and reads; b is attached before
//	0ms   dial a b [timeout]   the connection's ends are a-b, at a, and b-a, at b
//	20ms  write a-b hello      or so many bytes: 700B
//	20ms  read b-a             once; drain reads until an error
//	20ms  close a-b            or abort, closewrite, closeread; linuxclose aborts if something is unread
//	20ms  keepalive a-b 15s 15s 9 and usertimeout a-b 20s
//	20ms  ends a-b             both endpoints are said
//	20ms  deadline a-b read 1s from now; read, write or both; a time, or none
//	30ms  cut a b              one way; mend undoes it
//	30ms  delay a b 5ms        one way, in place of 10ms
//	30ms  late a b 5ms         one way, in addition
//	30ms  lose a b 0.5         one way: a share of transmissions
//	30ms  limit a b 1000       one way: bytes a second
//	30ms  reorder a b 50ms     one way: every second segment is held for up to so long
//	30ms  reset a [b]          all connections of a, or those with b
//	30ms  duplicate b 1        a share of the connections made to b
//	30ms  kill b               or poweroff; attach brings the host up again
//
//	0ms   listenunix a /s      and dialunix a /s: the ends are a-/s, that dialled, and /s-a
//	0ms   packet b 9           b has a socket b:9 for datagrams
//	20ms  send a:9 b:9 hello   or so many bytes; receive b:9, and receiveall until an error
//	20ms  connect a:9 b:9      the socket a:9 sends to b:9 only, and hears from it only
//	0ms   poll b               b has a listener, a-b, or b:9, in its poller, and it is said what the poller reports
//	20ms  trywrite a-b 700B    and tryread, which do not wait
//
// A line that waits does not hold up the next. The output says when each had something to say, and what;
// of faults only errors.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) (out string) {
			synctest.Test(t, func(t *testing.T) {
				c := Config{Delay: Delay{Base: 10 * time.Millisecond}}
				d.MaybeScanArgs(t, "window", &c.Window)
				s := &script{t: t, net: New(c), hosts: map[string]*Host{}, ends: map[string]*Conn{},
					packets: map[string]*PacketConn{}, pollers: map[*Host]*polling{}}
				out = s.run(d.Input)
			})
			return out
		})
	})
}

// script is a network and what happened on it.
type script struct {
	t     *testing.T
	net   *Network
	hosts map[string]*Host

	mu    sync.Mutex
	ends  map[string]*Conn
	trace []said

	packets map[string]*PacketConn
	pollers map[*Host]*polling
}

// said is what a line had to say.
type said struct {
	at   time.Duration
	line int
	text string
}

// watched is how long the network is watched after a script's last line.
const watched = 24 * time.Hour

func (s *script) run(input string) string {
	lines := strings.Split(strings.TrimSpace(input), "\n")
	finished := make([]bool, len(lines))
	for i, line := range lines {
		words := strings.Fields(line)
		at, err := time.ParseDuration(words[0])
		if err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(at - s.net.elapsed())
		synctest.Wait() // what else is due at this instant comes first
		go func() {
			if err := s.do(words[1:], func(text string) { s.say(i, text) }); err != nil {
				s.say(i, explain(err))
			}
			finished[i] = true
		}()
		synctest.Wait()
	}
	time.Sleep(watched)
	synctest.Wait()
	for i := range lines {
		if !finished[i] {
			s.say(i, "still waits")
		}
	}
	out := s.render(lines)
	for _, h := range s.hosts {
		h.Kill()
	}
	time.Sleep(time.Minute) // until the last dial has given up
	return out
}

func (s *script) say(line int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = append(s.trace, said{s.net.elapsed(), line, text})
}

// render is the trace. What happens at one instant is shown in the order of the script's lines.
func (s *script) render(lines []string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortStableFunc(s.trace, func(a, b said) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.line, b.line)) })
	var b strings.Builder
	for _, e := range s.trace {
		at := e.at.String()
		if e.at >= watched {
			at = "at the end"
		}
		fmt.Fprintf(&b, "%-14s %s: %s\n", at, strings.Join(strings.Fields(lines[e.line])[1:], " "), e.text)
	}
	return b.String()
}

// explain is an error without what the line says anyway.
func explain(err error) string {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}

// do carries a line out.
func (s *script) do(words []string, say func(string)) error {
	verb, args := words[0], words[1:]
	switch verb {
	case "dial":
		return s.dial(args, say)
	case "write", "read", "drain", "close", "deadline", "abort", "closewrite", "closeread", "ends", "trywrite", "tryread", "linuxclose",
		"keepalive", "usertimeout":
		c, err := s.end(args[0])
		if err != nil {
			return err
		}
		return onConn(c, verb, args[1:], say)
	case "listenunix", "dialunix":
		return s.unix(verb, s.host(args[0]), args[1], say)
	case "packet", "connect", "send", "receive", "receiveall":
		return s.onPacket(verb, args, say)
	case "poll":
		return s.poll(args[0], say)
	case "cut":
		s.net.Cut(args[0], args[1])
	case "mend":
		s.net.Mend(args[0], args[1])
	case "delay":
		d, err := time.ParseDuration(args[2])
		s.net.SetDelay(args[0], args[1], Delay{Base: d})
		return err
	case "late", "lose", "limit", "reorder", "reset", "duplicate":
		return impair(s.net, verb, args)
	case "watch":
		l, err := s.hosts[args[0]].Listen("1")
		if err != nil {
			return err
		}
		go s.watch(l, say)
	default:
		return s.onHost(args[0], verb)
	}
	return nil
}

// impair carries out what makes links worse and breaks connections. Its last word is how much.
func impair(n *Network, verb string, args []string) error {
	last := args[len(args)-1]
	d, noDuration := time.ParseDuration(last)
	number, noNumber := strconv.ParseFloat(last, 64)
	switch verb {
	case "late":
		n.Delay(args[0], args[1], d, 0)
		return noDuration
	case "reorder":
		n.Reorder(args[0], args[1], d)
		return noDuration
	case "lose":
		n.Lose(args[0], args[1], number)
		return noNumber
	case "limit":
		n.Limit(args[0], args[1], int64(number))
		return noNumber
	case "duplicate":
		n.Duplicate(args[0], number)
		return noNumber
	}
	if len(args) == 2 {
		n.ResetBetween(args[0], args[1])
	} else {
		n.Reset(args[0])
	}
	return nil
}

// host is one that may have to be attached first.
func (s *script) host(name string) *Host {
	if s.hosts[name] == nil {
		s.hosts[name] = s.net.Attach(name)
	}
	return s.hosts[name]
}

func (s *script) onHost(name, verb string) error {
	if verb == "attach" || s.hosts[name] == nil {
		s.hosts[name] = s.net.Attach(name)
	}
	switch h := s.hosts[name]; verb {
	case "attach":
	case "listen":
		l, err := h.Listen("1")
		if err != nil {
			return err
		}
		go s.accept(l)
	case "kill":
		h.Kill()
	case "poweroff":
		h.PowerOff()
	case "pause":
		h.Pause()
	case "resume":
		h.Resume()
	default:
		return fmt.Errorf("no such verb: %s", verb)
	}
	return nil
}

func (s *script) accept(l *Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.name(l.host.name, c.RemoteAddr().String(), c)
	}
}

// watch accepts connections on b's port, and says what comes of them.
func (s *script) watch(l *Listener, say func(string)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		say("accepted from " + c.RemoteAddr().String())
		go func() {
			for {
				if err := readOnce(c, say); err != nil {
					say(explain(err))
					return
				}
			}
		}()
	}
}

func (s *script) dial(args []string, say func(string)) (err error) {
	from, to := args[0], args[1]
	timeout := time.Duration(0)
	if len(args) > 2 {
		if timeout, err = time.ParseDuration(args[2]); err != nil {
			return err
		}
	}
	c, err := s.host(from).Dial(to+":1", timeout)
	if err != nil {
		return err
	}
	s.name(from, to, c)
	say("connected")
	return nil
}

func (s *script) name(at, peer string, c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends[at+"-"+peer] = c.(*Conn)
}

func (s *script) end(name string) (*Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ends[name] == nil {
		return nil, errors.New("no such connection")
	}
	return s.ends[name], nil
}

func onConn(c *Conn, verb string, args []string, say func(string)) error {
	switch verb {
	case "write":
		if _, err := c.Write(content(args[0])); err != nil {
			return err
		}
		say("taken")
	case "read":
		return readOnce(c, say)
	case "drain":
		for {
			if err := readOnce(c, say); err != nil {
				return err
			}
		}
	case "close":
		return c.Close()
	case "linuxclose":
		if c.Unread() {
			return c.Abort()
		}
		return c.Close()
	case "abort":
		return c.Abort()
	case "closewrite":
		return c.CloseWrite()
	case "closeread":
		return c.CloseRead()
	case "ends":
		say(fmt.Sprintf("%v, %v", c.Local(), c.Remote()))
	case "trywrite":
		n, err := c.TryWrite(content(args[0]))
		if err != nil {
			return err
		}
		say(fmt.Sprintf("%d bytes taken", n))
	case "tryread":
		return readOnce(readerFunc(c.TryRead), say)
	case "deadline":
		return setDeadline(c, args[0], args[1])
	case "keepalive", "usertimeout":
		return setLiveness(c, args)
	}
	return nil
}

// content is a word, or so many bytes.
func content(word string) []byte {
	if n, err := strconv.Atoi(strings.TrimSuffix(word, "B")); err == nil {
		return bytes.Repeat([]byte("."), n)
	}
	return []byte(word)
}

type readerFunc func([]byte) (int, error)

// Read calls f.
func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func readOnce(c io.Reader, say func(string)) error {
	b := make([]byte, 1<<16)
	n, err := c.Read(b)
	if err == nil {
		say(quote(b[:n]))
	}
	return err
}

// quote shows bytes, or how many they are.
func quote(b []byte) string {
	if len(b) <= 16 {
		return strconv.Quote(string(b))
	}
	return fmt.Sprintf("%d bytes", len(b))
}
