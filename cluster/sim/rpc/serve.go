package rpc

import (
	"bufio"
	"encoding/json"
	"net"

	"faultline/cluster/sim"
)

// Serve answers requests on a port until the process dies. Each connection has a goroutine, so that handle is called for
// several requests at once. It gets the name of the host that asks, and has to return soon after the process has died.
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
