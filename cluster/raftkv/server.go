package raftkv

import (
	"bufio"
	"net"
	"sync"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/ops"
	"faultline/cluster/raftnode"
	"faultline/cluster/raftnode/confirm"
	"faultline/cluster/sim/rpc"
)

// server is the KV service of one incarnation of a node: it takes requests from clients, has raft
// replicate what must be, and answers.
type server struct {
	*raftnode.Node
	machine *machine
	confirm *confirm.Confirmer
	level   Level
	config  Config
	now     func() time.Time // by the node's own clock
	host    *network.Host
	lease   lease
	fresh   freshness

	// read and write take the place of the level's read and of replicate; nil for those themselves.
	read  Read
	write Write

	listener net.Listener
	stop     chan struct{}
	group    sync.WaitGroup
}

// enqueueTimeout bounds how long a command may wait for raft's main loop. It says nothing about how
// long replication takes: the client has its own time-out.
const enqueueTimeout = 500 * time.Millisecond

// start serves until halt. A new leader begins with a command that does nothing: what came before it is committed then, and
// applied.
func (s *server) start() {
	s.confirm.Start(s.stop, &s.group)
	s.Lead(func() error {
		_, err := s.doWrite(&command{Op: opNoop})
		return err
	})
	s.group.Go(s.accept)
}

// halt stops the service and waits for its goroutines. The host must be cut off: handlers wait for clients
// to hang up.
func (s *server) halt() {
	close(s.stop)
	_ = s.listener.Close()
	s.group.Wait()
	s.fresh.conn.Close()
}

func (s *server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.group.Go(func() { s.serve(conn) })
	}
}

func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 1024)
	var req request // the last one, in whose room the next is
	var out []byte  // the room of the last response
	for {
		b, err := rpc.ReadFrame(r)
		if err != nil {
			return
		}
		if req, err = decodeRequest(b); err != nil {
			return
		}
		answer := s.handle(&req)
		out = answer.encode(out)
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}

func (s *server) handle(r *request) response {
	if r.Term != 0 {
		return s.vouch(r)
	}
	found, err := s.run(r)
	if err == nil {
		return response{Code: codeOK, Result: found}
	}
	answer := response{}
	answer.Code, answer.Error = classify(err)
	if answer.Code == codeNotLeader {
		_, leader := s.Raft.LeaderWithID()
		answer.Leader = string(leader)
	}
	return answer
}

// vouch says whether a leader of the term may still believe in itself.
func (s *server) vouch(r *request) response {
	switch {
	case s.Raft.CurrentTerm() > r.Term:
		return response{Code: codeNotLeader}
	case r.Promise != 0 && !s.promises(r.Term, r.Promise):
		return response{Code: codeRefused}
	}
	return response{Code: codeOK}
}

func (s *server) run(r *request) (found result, err error) {
	switch {
	case r.Command.Op == opIndex:
		found.Index, err = s.confirmedIndex(s.confirmOnly)
		return found, err
	case r.Command.Name == ops.Fetch: // what this node has is all that is asked for
		return s.machine.read(&r.Command), nil
	case r.Command.asks() && s.level.read != nil:
		return s.doRead(r)
	default:
		return s.doWrite(&r.Command)
	}
}

func (s *server) replicate(c *command) (result, error) {
	answer, _, err := s.Apply(c.encode(), enqueueTimeout)
	if err != nil {
		return result{}, err
	}
	return answer.(result), nil
}
