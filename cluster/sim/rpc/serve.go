package rpc

import (
	"bufio"
	"encoding/json"
	"net"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/trace"
)

// Machines are those of an environment, with programs that answer requests on these ports.
func Machines(env cluster.Env, h sim.Hardware, boot func(*sim.Process) (sim.Program, error), crashPoints []string, ports ...string) sim.Config {
	protocols := map[string]trace.NewProtocol{}
	for _, port := range ports {
		protocols[port] = Protocol
	}
	return sim.Config{Seed: env.Seed, Dir: env.Dir, Nodes: cluster.NodeNames(env.Nodes), Hardware: h, Boot: boot, Trace: env.Trace,
		Protocols: protocols, CrashPoints: crashPoints}
}

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
