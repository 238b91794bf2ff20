package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Ballot orders rounds.
type Ballot struct {
	Number int
	Node   string
}

func (b Ballot) less(other Ballot) bool {
	return b.Number < other.Number || b.Number == other.Number && b.Node < other.Node
}

// Register is what an acceptor knows of a key.
type Register struct {
	Promised Ballot
	Accepted Ballot
	Value    string
}

// Request asks an acceptor for a promise, or to accept a value.
type Request struct {
	Key    string
	Ballot Ballot
	Value  string
}

// Reply is the register as it is then.
type Reply struct {
	OK       bool
	Register Register
}

// Acceptor promises and accepts. What it answers is in its file by then.
type Acceptor struct {
	mu        sync.Mutex
	file      string
	registers map[string]Register
}

func openAcceptor(dir string) (*Acceptor, error) {
	a := &Acceptor{file: filepath.Join(dir, "registers.json"), registers: map[string]Register{}}
	text, err := os.ReadFile(a.file)
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return nil, err
	}
	return a, json.Unmarshal(text, &a.registers)
}

// Prepare promises to accept nothing below a ballot.
func (a *Acceptor) Prepare(q Request, reply *Reply) error {
	return a.change(q, reply, func(r *Register) bool {
		if !r.Promised.less(q.Ballot) {
			return false
		}
		r.Promised = q.Ballot
		return true
	})
}

// Accept accepts a value, unless something higher was promised.
func (a *Acceptor) Accept(q Request, reply *Reply) error {
	return a.change(q, reply, func(r *Register) bool {
		if q.Ballot.less(r.Promised) {
			return false
		}
		*r = Register{Promised: q.Ballot, Accepted: q.Ballot, Value: q.Value}
		return true
	})
}

// change changes a register and saves it.
func (a *Acceptor) change(q Request, reply *Reply, do func(*Register) bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.registers[q.Key]
	if reply.OK = do(&r); reply.OK {
		a.registers[q.Key] = r
		if err := a.save(); err != nil {
			return err
		}
	}
	reply.Register = r
	return nil
}

// save replaces the file at once, so that it is never half written.
func (a *Acceptor) save() error {
	text, err := json.Marshal(a.registers)
	if err != nil {
		return err
	}
	if err := os.WriteFile(a.file+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(a.file+".new", a.file)
}
