// Package gossip tests a store that stands on the simulated machine directly: a set that every node takes elements for, by itself,
// and tells the others of (set.go). There is no leader and no order, so it is not linearizable. What it promises is that
// an element that was acknowledged stays, and gets everywhere. That is what its workload (workload.go) and its checker
// (kept.go) are about.
package gossip

import (
	"encoding/binary"
	"os"
	"sync"
	"time"

	"faultline/cluster/disk"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

const (
	port       = "9000"
	tellEach   = 50 * time.Millisecond // how often a node tells the others what is new
	tellWithin = 300 * time.Millisecond
	record     = 8 // bytes of an element on disk
)

// node is the program. It answers for an element when that is on its own disk, and tells the others in its own time.
type node struct {
	*sim.Process
	file  *disk.File
	peers *rpc.Caller
	lazy  bool // a bug: see syncLater

	mu       sync.Mutex // nobody waits while holding it
	elements []int64    // in the order in which they came
	known    map[int64]bool
	slots    int64 // of the file that are taken
}

func boot(p *sim.Process, bug string) (sim.Program, error) {
	file, err := p.Volume().OpenFile("elements", os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	n := &node{Process: p, file: file, peers: rpc.NewCaller(p.Host(), port), lazy: bug == syncLater, known: map[int64]bool{}}
	if err := n.load(); err != nil {
		return nil, err
	}
	if n.lazy {
		p.Go(n.syncNowAndThen)
	}
	for _, peer := range p.Others() {
		p.Go(func() { n.gossip(peer) })
	}
	return n, rpc.Serve(p, port, n.handle)
}

func (n *node) syncNowAndThen() {
	for n.Sleep(time.Second) {
		_ = n.file.Sync()
	}
}

// load reads the file. A slot whose write did not get to the disk is 0.
func (n *node) load() error {
	b, err := n.Volume().ReadFile(n.file.Name())
	if err != nil {
		return err
	}
	n.slots = int64(len(b)+record-1) / record
	for ; len(b) >= record; b = b[record:] {
		if e := int64(binary.LittleEndian.Uint64(b)); e != 0 {
			n.learn(e)
		}
	}
	return nil
}

func (n *node) handle(_ string, r rpc.Request) rpc.Response {
	if r.Kind == "read" {
		all, _ := n.since(0)
		return rpc.Answer(0, "", all)
	}
	return rpc.With(r, func(elements []int64) rpc.Response { return n.add(elements) })
}

// add stores elements, of a client or of another node.
func (n *node) add(elements []int64) rpc.Response {
	if err := n.store(elements); err != nil {
		return rpc.Unsure(0, err.Error())
	}
	n.Reach(beforeAnswer)
	return rpc.Answer(0, "", nil)
}

func (n *node) store(elements []int64) error {
	var b []byte
	for _, e := range elements {
		b = binary.LittleEndian.AppendUint64(b, uint64(e))
	}
	if _, err := n.file.WriteAt(b, record*n.take(len(elements))); err != nil {
		return err
	}
	n.Reach(beforeSync)
	if err := n.sync(); err != nil {
		return err
	}
	for _, e := range elements {
		n.learn(e)
	}
	return nil
}

func (n *node) sync() error {
	if n.lazy {
		return nil
	}
	return n.file.Sync()
}

// take takes slots of the file, so that writes that overlap do not meet.
func (n *node) take(count int) (first int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	first = n.slots
	n.slots += int64(count)
	return first
}

func (n *node) learn(e int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.known[e] {
		n.known[e] = true
		n.elements = append(n.elements, e)
	}
}

// gossip tells another node what it has not acknowledged yet.
func (n *node) gossip(peer string) {
	told := 0
	for n.Sleep(tellEach) {
		news, all := n.since(told)
		if len(news) == 0 {
			continue
		}
		if r, err := n.peers.Call(peer, rpc.NewRequest("tell", 0, "", news), tellWithin); err == nil && r.Status == rpc.Done {
			told = all
		}
	}
}

// since returns the elements that came after the first ones, of a given number, and how many there are in all.
func (n *node) since(first int) (news []int64, all int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]int64{}, n.elements[first:]...), len(n.elements)
}

// Role implements sim.Program. All nodes are alike.
func (*node) Role() (role string, term uint64) { return "peer", 0 }

// Stop implements sim.Program.
func (n *node) Stop() error {
	n.peers.Close()
	return nil
}
