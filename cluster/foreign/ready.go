package foreign

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"time"

	"faultline/cluster/foreign/description"
	"faultline/cluster/network"
)

// output is who hears what a node prints: its log, and those who read that.
func (n *node) output(ready description.Ready) io.Writer {
	return &listener{log: n.machine.Log(), heard: func(line []byte) { n.roles.heard(line) }, ready: ready.Log.Regexp(), serves: n.serves}
}

// listener reads each line that is written to a log.
type listener struct {
	log    io.Writer
	heard  func(line []byte)
	ready  *regexp.Regexp // matches the line by which a node says that it takes clients; nil if it does not
	serves func()
}

// Write takes whole lines.
func (l *listener) Write(b []byte) (int, error) {
	n, err := l.log.Write(b)
	for line := range bytes.Lines(b) {
		l.heard(line)
		if l.ready != nil && l.ready.Match(line) {
			l.serves()
		}
	}
	return n, err
}

// serves notes that the node takes clients.
func (n *node) serves() {
	n.settled.Do(func() {
		close(n.ready)
		n.roles.served()
	})
}

// The pause between two attempts to find a node ready, and how long one may take.
const (
	readyPause   = 100 * time.Millisecond
	readyTimeout = time.Second
)

// watch asks a node whether it is ready until it is, or has died. A node that says so in its log is not asked.
func (s *system) watch(n *node) {
	ready := s.config.Description.Node.Ready
	switch {
	case !ready.IsSet():
		n.serves()
		return
	case ready.Port == 0:
		return
	}
	host := s.watcher()
	defer host.Kill()
	for !answers(host, n.machine.Node(), ready) {
		select {
		case <-time.After(readyPause):
		case <-n.machine.Done():
			return
		}
	}
	n.serves()
}

// firstWatcher is the number of the first host from which nodes are asked, beyond those of all clients.
const firstWatcher = 1 << 15

// watcher returns a host for asking one node.
func (s *system) watcher() *network.Host {
	return s.Client(firstWatcher + int(s.watchers.Add(1)))
}

// answers asks once.
func answers(host *network.Host, node string, ready description.Ready) bool {
	addr := fmt.Sprintf("%s:%d", node, ready.Port)
	if ready.Path == "" {
		conn, err := host.Dial(addr, readyTimeout)
		if err != nil {
			return false
		}
		_ = conn.Close()
		return true
	}
	transport := &http.Transport{DisableKeepAlives: true,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return host.Dial(addr, readyTimeout) }}
	c := &http.Client{Transport: transport, Timeout: readyTimeout}
	response, err := c.Get("http://" + addr + ready.Path)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode >= 200 && response.StatusCode < 300
}
