package sim

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"faultline/cluster/scheduler"
)

// nodeLog is what a node logs, over all its processes, in memory: a world does no I/O but its
// nodes' files. Each line begins with the time since the start of the test.
type nodeLog struct {
	mu    sync.Mutex
	start time.Time
	buf   bytes.Buffer
	full  bool
}

// maxLog bounds a node's log in bytes.
const maxLog = 8 << 20

// Write appends a line.
func (l *nodeLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.full:
	case l.buf.Len()+len(b) > maxLog:
		l.full = true
		fmt.Fprintf(&l.buf, "%12.6fs [WARN]  log: full at %d bytes, the rest is dropped\n", time.Since(l.start).Seconds(), maxLog)
	default:
		fmt.Fprintf(&l.buf, "%12.6fs %s", time.Since(l.start).Seconds(), b)
	}
	return len(b), nil
}

func (l *nodeLog) text() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.buf.Bytes())
}

// voice is what a process has to say. What is left of a dead one is not heard.
type voice struct {
	log  *nodeLog
	dead func() bool
}

func (v voice) Write(b []byte) (int, error) {
	defer scheduler.Enter().Leave()
	if v.dead() {
		return len(b), nil
	}
	return v.log.Write(b)
}
