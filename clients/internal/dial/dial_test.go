package dial

import (
	"io"
	"net"
	"testing"
	"time"
)

// pieces is a connection that remembers what was written and read at a time.
type pieces struct {
	net.Conn
	written []int
}

func (p *pieces) Write(b []byte) (int, error) {
	p.written = append(p.written, len(b))
	return len(b), nil
}
func (p *pieces) Read(b []byte) (int, error) { return len(b), nil }

func TestPace(t *testing.T) {
	d, p := &Dialer{}, &pieces{}
	c := &conn{Conn: p, dialer: d}
	text := make([]byte, 20)
	if n, err := c.Write(text); n != 20 || err != nil || len(p.written) != 1 {
		t.Errorf("at once: %d bytes as %v, %v", n, p.written, err)
	}
	p.written = nil
	d.SetPace(time.Microsecond)
	if n, err := c.Write(text); n != 20 || err != nil || len(p.written) != 3 || p.written[2] != 4 {
		t.Errorf("slowly: %d bytes as %v, %v", n, p.written, err)
	}
	if n, _ := c.Read(text); n != Piece {
		t.Errorf("slowly: read %d bytes", n)
	}
	if d.Timeout(time.Second) != time.Second+patience*time.Microsecond {
		t.Error("a slow client is not patient")
	}
}

// A dialer knows whom it has reached by which name, and whether it has sent anything.
func TestHost(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	d := &Dialer{Patience: time.Second}
	c, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort("localhost", port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := d.Host(c.RemoteAddr()); got != "localhost" {
		t.Errorf("reached %q", got)
	}
	if got := d.Host(&net.TCPAddr{}); got != "" {
		t.Errorf("reached %q", got)
	}
	if d.Writes() != 0 {
		t.Error("it has sent something")
	}
	if _, err := io.WriteString(c, "x"); err != nil || d.Writes() != 1 {
		t.Errorf("it has sent %d times, %v", d.Writes(), err)
	}
}
