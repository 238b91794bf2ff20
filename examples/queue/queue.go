// Package queue is a queue of jobs with a server, a journal on disk and a client: what a library might have, written for nobody's
// simulator. Its test runs it in a closed world, see docs/testing.md.
package queue

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"sync"
	"time"
)

// Lease is how long a job is whose who took it.
const Lease = 5 * time.Second

// Queue is a queue of jobs that survives its process: each is done at least once after Push has returned.
type Queue struct {
	// Hasty answers before a job is on the disk, which is a bug.
	Hasty bool

	mu      sync.Mutex
	journal *os.File
	jobs    []string             // that are not done, in order
	taken   map[string]time.Time // until when
}

// entry is a line of the journal.
type entry struct {
	Pushed string `json:"pushed,omitempty"`
	Done   string `json:"done,omitempty"`
}

// Open reads the journal of a queue, or begins one.
func (q *Queue) Open(name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	q.journal, q.taken = f, map[string]time.Time{}
	whole := int64(0)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			break // the last line, of which a part is missing
		}
		whole += int64(len(lines.Bytes())) + 1
		q.apply(e)
	}
	dir, err := os.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return errors.Join(f.Truncate(whole), f.Sync(), dir.Sync())
}

func (q *Queue) apply(e entry) {
	if e.Pushed != "" {
		q.jobs = append(q.jobs, e.Pushed)
	}
	for i, job := range q.jobs {
		if job == e.Done {
			q.jobs = append(q.jobs[:i:i], q.jobs[i+1:]...)
			delete(q.taken, job)
			return
		}
	}
}

// record writes an entry and applies it.
func (q *Queue) record(e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := q.journal.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if !q.Hasty {
		if err := q.journal.Sync(); err != nil {
			return fmt.Errorf("write the journal: %w", err)
		}
	}
	q.apply(e)
	return nil
}

// Push adds a job.
func (q *Queue) Push(job string, _ *struct{}) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.record(entry{Pushed: job})
}

// Take gives the first job that nobody has for Lease; "" if there is none.
func (q *Queue) Take(_ struct{}, job *string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, next := range q.jobs {
		if time.Now().After(q.taken[next]) {
			q.taken[next] = time.Now().Add(Lease)
			*job = next
			return nil
		}
	}
	return nil
}

// Done takes a job away.
func (q *Queue) Done(job string, _ *struct{}) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.record(entry{Done: job})
}

// Serve serves the queue at an address.
func (q *Queue) Serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	s := rpc.NewServer()
	if err := s.RegisterName("Queue", q); err != nil {
		return err
	}
	s.Accept(l)
	return net.ErrClosed
}

// Call calls a method of the queue at an address, and fails if that takes more than the time-out.
func Call(addr, method string, arg, result any, timeout time.Duration) error {
	conn, err := net.DialTimeout("tcp", addr, timeout)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	return rpc.NewClient(conn).Call("Queue."+method, arg, result)
}
