package raftstore

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/disk"
)

// onDisk runs a test in a bubble, on a new disk whose sync takes a millisecond. Nothing on it survives a loss of power that
// was not synced, so that what survives is known.
func onDisk(t *testing.T, f func(t *testing.T, d *disk.Disk)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { f(t, newDisk(disk.Config{Dir: dir, FileSystem: disk.Lazy})) })
}

const syncTime = time.Millisecond

func newDisk(c disk.Config) *disk.Disk {
	c.Base, c.Rand, c.FaultRand = syncTime, rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, 4))
	return disk.New(c)
}

// node is an incarnation of a node: its volume, and raft's stores on it.
type node struct {
	*Store
	*disk.Volume
}

func open(t *testing.T, d *disk.Disk) *node {
	t.Helper()
	n, err := start(d)
	check(t, err)
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func start(d *disk.Disk) (*node, error) {
	v, err := d.Open()
	if err != nil {
		return nil, err
	}
	s, err := Open(v)
	if err != nil {
		_ = v.Close()
		return nil, err
	}
	return &node{s, v}, nil
}

// entriesOf returns the entries from first to last as they are in the given term.
func entriesOf(term, first, last uint64) []*raft.Log {
	var logs []*raft.Log
	for i := first; i <= last; i++ {
		logs = append(logs, &raft.Log{Index: i, Term: term, Data: fmt.Appendf(nil, "%d.%d", term, i)})
	}
	return logs
}

// contents renders a log as the terms of its entries, such as "3: 1 1 2" for one that begins at 3. It
// fails if an entry is not what entriesOf made.
func contents(t *testing.T, s raft.LogStore) string {
	t.Helper()
	first, err := s.FirstIndex()
	if err != nil {
		t.Fatal(err)
	}
	last, err := s.LastIndex()
	if err != nil {
		t.Fatal(err)
	}
	if last == 0 {
		return "empty"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d:", first)
	for i := first; i <= last; i++ {
		var l raft.Log
		if err := s.GetLog(i, &l); err != nil {
			t.Fatalf("entry %d: %v", i, err)
		}
		if l.Index != i || string(l.Data) != fmt.Sprintf("%d.%d", l.Term, i) {
			t.Fatalf("entry %d is %+v", i, l)
		}
		fmt.Fprintf(&b, " %d", l.Term)
	}
	return b.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}
