package rpc

import (
	"bufio"
	"encoding/json"
	"net"

	"faultline/cluster/sim"
)

// Serve has a process answer requests on a port until it dies. Those of one connection are answered one after the other, those
// of several at once, each on a goroutine of the process. The handler is told which host asks. It returns soon after the
// process has died; what it answers then nobody hears.
func Serve(p *sim.Process, port string, handle func(from string, r Request) Response) error {
	listener, err := p.Host().Listen(port)
	if err != nil {
		return err
	}
	p.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.Go(func() { serve(conn, handle) })
		}
	})
	return nil
}

func serve(conn net.Conn, handle func(string, Request) Response) {
	defer conn.Close()
	from := conn.RemoteAddr().String()
	reader := bufio.NewReaderSize(conn, 1024)
	for {
		b, err := ReadFrame(reader)
		if err != nil {
			return
		}
		var r Request
		if json.Unmarshal(b, &r) != nil {
			return
		}
		if _, err := conn.Write(framed(handle(from, r))); err != nil {
			return
		}
	}
}
