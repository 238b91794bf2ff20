package raftkv

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"faultline/cluster"

	"github.com/hashicorp/raft"
	"pgregory.net/rapid"
)

// apply applies commands of one client at indexes 1, 2, … and returns the last result.
func apply(m *machine, cs ...command) result {
	var r result
	for i, c := range cs {
		if c.Client == 0 && c.Op != opNoop {
			c.Client, c.Serial = 1, uint64(i+1)
		}
		r = m.Apply(&raft.Log{Index: m.applied + 1, Data: c.encode()}).(result)
	}
	return r
}

func TestApply(t *testing.T) {
	put, get := command{Op: opPut, Key: "k", New: "1"}, command{Op: opGet, Key: "k"}
	cas := func(old string) command { return command{Op: opCAS, Key: "k", Old: old, New: "2"} }
	for _, test := range []struct {
		name string
		cs   []command
		want result
	}{
		{"a get of nothing", []command{get}, result{Matched: true, Index: 1}},
		{"a get finds what was put", []command{put, get}, result{Matched: true, Present: true, Value: "1", Index: 2}},
		{"a put says nothing", []command{put, put}, result{Matched: true, Index: 2}},
		{"keys are apart", []command{put, {Op: opGet, Key: "l"}}, result{Matched: true, Index: 2}},
		{"a delete leaves nothing", []command{put, {Op: opDelete, Key: "k"}, get}, result{Matched: true, Index: 3}},
		{"a cas that matches", []command{put, cas("1")}, result{Matched: true, Index: 2}},
		{"and its effect", []command{put, cas("1"), get}, result{Matched: true, Present: true, Value: "2", Index: 3}},
		{"a cas that does not match says what it found", []command{put, cas("7")}, result{Present: true, Value: "1", Index: 2}},
		{"and has no effect", []command{put, cas("7"), get}, result{Matched: true, Present: true, Value: "1", Index: 3}},
		{"a cas never matches what is absent", []command{cas("")}, result{Index: 1}},
		{"a cas compares without padding", []command{{Op: opPut, Key: "k", New: cluster.Pad("1", 9)}, cas("1")}, result{Matched: true, Index: 2}},
		{"and says what it found with it", []command{{Op: opPut, Key: "k", New: cluster.Pad("1", 2)}, cas("7")}, result{Present: true, Value: "1  ", Index: 2}},
		{"an empty value is a value", []command{{Op: opPut, Key: "k"}, get}, result{Matched: true, Present: true, Index: 2}},
		{"a noop", []command{{Op: opNoop}}, result{Matched: true, Index: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := apply(newMachine(), test.cs...); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestARetryIsAppliedOnce and is told what the first did, also by a machine that was restored from a
// snapshot and never saw the first.
func TestARetryIsAppliedOnce(t *testing.T) {
	first := command{Op: opCAS, Client: 7, Serial: 4, Key: "k", Old: "1", New: "2"}
	m := newMachine()
	done := apply(m, command{Op: opPut, Client: 8, Serial: 1, Key: "k", New: "1"}, first)
	apply(m, command{Op: opPut, Client: 8, Serial: 2, Key: "k", New: "1"}) // the retry would match again
	for name, m := range map[string]*machine{"the same machine": m, "a restored one": restored(t, m)} {
		if again := apply(m, first); again != done {
			t.Errorf("%s: first %+v, then %+v", name, done, again)
		}
		if v := m.read(&command{Op: opGet, Key: "k"}).Value; v != "1" {
			t.Errorf("%s applied it twice: the value is %s", name, v)
		}
		apply(m, command{Op: opPut, Client: 7, Serial: 3, Key: "k", New: "late"})
		if v := m.read(&command{Op: opGet, Key: "k"}).Value; v != "1" {
			t.Errorf("%s applied an operation older than the last: the value is %s", name, v)
		}
		apply(m, command{Op: opPut, Client: 7, Serial: 5, Key: "k", New: "next"})
		if v := m.read(&command{Op: opGet, Key: "k"}).Value; v != "next" {
			t.Errorf("%s did not apply the client's next: the value is %s", name, v)
		}
	}
}

// restored returns a new machine with a snapshot of m.
func restored(t *testing.T, m *machine) *machine {
	t.Helper()
	r := newMachine()
	if err := r.Restore(io.NopCloser(bytes.NewReader(imageOf(m)))); err != nil {
		t.Fatal(err)
	}
	return r
}

func imageOf(m *machine) []byte {
	s, _ := m.Snapshot()
	return s.(*image).encode()
}

// TestEqualStatesGiveEqualSnapshots, however they came about; a restored machine is the same machine.
func TestEqualStatesGiveEqualSnapshots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.String(), 1, 20, rapid.ID[string]).Draw(t, "keys")
		order := rapid.Permutation(keys).Draw(t, "another order")
		m, other := newMachine(), newMachine()
		for i := range keys {
			m.state.values[keys[i]] = keys[i]
			m.state.sessions.set(session{uint64(i), uint64(i), result{Value: "v", Index: uint64(i)}})
			other.state.values[order[i]] = order[i]
			back := len(keys) - 1 - i
			other.state.sessions.set(session{uint64(back), uint64(back), result{Value: "v", Index: uint64(back)}})
		}
		m.applied, other.applied = 99, 99
		first := imageOf(m)
		if !bytes.Equal(first, imageOf(other)) {
			t.Fatal("the same state gave other bytes")
		}
		r := newMachine()
		if err := r.Restore(io.NopCloser(bytes.NewReader(first))); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, imageOf(r)) || r.applied != 99 {
			t.Fatal("the restored machine is another")
		}
	})
}

// TestASnapshotIsOfOneInstant: what is applied while it is stored is not in it.
func TestASnapshotIsOfOneInstant(t *testing.T) {
	m := newMachine()
	apply(m, command{Op: opPut, Key: "k", New: "1"})
	s, _ := m.Snapshot()
	before := s.(*image).encode()
	apply(m, command{Op: opPut, Client: 2, Serial: 1, Key: "k", New: "2"})
	if !bytes.Equal(before, s.(*image).encode()) {
		t.Error("the snapshot has changed")
	}
}

func TestASnapshotThatCannotBeStoredIsCancelled(t *testing.T) {
	for _, k := range []*badSink{{failWrite: true}, {failClose: true}} {
		m := newMachine()
		s, _ := m.Snapshot()
		if err := s.Persist(k); !errors.Is(err, errBad) {
			t.Errorf("%+v: %v", k, err)
		}
		if k.failWrite && !k.cancelled {
			t.Errorf("%+v: it is not cancelled", k)
		}
	}
}

var errBad = errors.New("bad disk")

type badSink struct{ failWrite, failClose, cancelled bool }

func (k *badSink) ID() string    { return "" }
func (k *badSink) Cancel() error { k.cancelled = true; return nil }

func (k *badSink) Write(b []byte) (int, error) {
	if k.failWrite {
		return 0, errBad
	}
	return len(b), nil
}

func (k *badSink) Close() error {
	if k.failClose {
		return errBad
	}
	return nil
}

// TestADamagedSnapshotIsAnErrorAndChangesNothing, wherever it is cut.
func TestADamagedSnapshotIsAnErrorAndChangesNothing(t *testing.T) {
	m := newMachine()
	apply(m, command{Op: opPut, Key: "k", New: "1"}, command{Op: opGet, Key: "k"})
	whole := imageOf(m)
	for i := range whole {
		r := newMachine()
		apply(r, command{Op: opPut, Key: "k", New: "untouched"})
		if err := r.Restore(io.NopCloser(bytes.NewReader(whole[:i]))); err == nil {
			t.Errorf("restored from %d of %d bytes", i, len(whole))
		}
		if v := r.read(&command{Op: opGet, Key: "k"}).Value; v != "untouched" {
			t.Errorf("the value is %s", v)
		}
	}
	if err := newMachine().Restore(io.NopCloser(bytes.NewReader(append(whole, 0)))); err == nil {
		t.Error("restored from a snapshot with something behind it")
	}
}

// TestReadersWaitForAnIndex: an entry, a change of membership or a snapshot may bring it.
func TestReadersWaitForAnIndex(t *testing.T) {
	ahead := newMachine()
	ahead.applied = 5
	for name, bring := range map[string]func(*machine){
		"entry":      func(m *machine) { m.Apply(&raft.Log{Index: 5, Data: (&command{Op: opNoop}).encode()}) },
		"membership": func(m *machine) { m.StoreConfiguration(5, raft.Configuration{}) },
		"snapshot":   func(m *machine) { _ = m.Restore(io.NopCloser(bytes.NewReader(imageOf(ahead)))) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine()
			four, five, six := m.reached(4), m.reached(5), m.reached(6)
			bring(m)
			for i, done := range []<-chan struct{}{four, five, six} {
				select {
				case <-done:
					if i == 2 {
						t.Error("index 6 is said to be reached at 5")
					}
				default:
					if i < 2 {
						t.Errorf("index %d is not reached at 5", i+4)
					}
				}
			}
			if m.reached(5) != nil {
				t.Error("there is something to wait for")
			}
		})
	}
}

func TestAnEntryThatCannotBeDecodedStopsTheNode(t *testing.T) {
	defer func() {
		if want := "raftkv: entry 3 cannot be decoded: raftkv: message is damaged"; fmt.Sprint(recover()) != want {
			t.Error("it goes on")
		}
	}()
	newMachine().Apply(&raft.Log{Index: 3, Data: []byte{1}})
}

// onObject is a command on an object.
func onObject(client, serial uint64, name, argument string) command {
	return command{Op: opCall, Client: client, Serial: serial, Key: "k", Name: name, New: argument}
}

// An operation on an object is carried out once however often it is sent, and is answered as it was the first time, also by a
// machine that was restored from a snapshot.
func TestObjectsAreInSessionsAndSnapshots(t *testing.T) {
	m := newMachine()
	apply(m, onObject(1, 1, "queue.enqueue", "5"), onObject(1, 2, "queue.enqueue", "6"))
	first := onObject(2, 1, "queue.dequeue", "")
	done := apply(m, first)
	for name, m := range map[string]*machine{"the same machine": m, "a restored one": restored(t, m)} {
		if again := apply(m, first); again != done || again.Value != "5" {
			t.Errorf("%s: first %+v, then %+v", name, done, again)
		}
		if next := apply(m, onObject(2, 2, "queue.dequeue", "")); next.Value != "6" {
			t.Errorf("%s: the second element is %+v", name, next)
		}
	}
}

// The index at which a lock is acquired is its fencing token.
func TestTokensAreIndexes(t *testing.T) {
	r := apply(newMachine(), command{Op: opNoop}, onObject(1, 1, "lock.acquire", ""))
	if want := (result{Matched: true, Present: true, Value: "2", Index: 2}); r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
}

// What only asks leaves no trace in the state.
func TestReadsOfObjectsChangeNothing(t *testing.T) {
	m := newMachine()
	apply(m, onObject(1, 1, "set.add", "5"), command{Op: opPut, Key: "k/a", Client: 1, Serial: 2, New: "7"})
	before := m.print()
	for _, c := range []struct{ name, argument, want string }{
		{"set.read", "", "[5]"},
		{"bank.read", "", `{"map":[]}`},
		{"poll", "0", "[]"},
		{"txn", `[["r","a",null]]`, `[["r","a",7]]`},
		{"transaction.txn", `[["r","a",null],["scan","",null]]`, `[["r","a",null],["scan","",{"map":[]}]]`},
	} {
		if r := m.read(&command{Op: opQuery, Key: "k", Name: c.name, New: c.argument}); r.Value != c.want || r.Index != 2 {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	if m.print() != before {
		t.Error("the state is another")
	}
}

func FuzzDecodeImage(f *testing.F) {
	m := newMachine()
	f.Add(imageOf(m))
	apply(m, onObject(1, 1, "set.add", "5"), onObject(1, 2, "bank.deposit", `{"map":[["to",0],["amount",10]]}`))
	f.Add(imageOf(m))
	apply(m, command{Op: opPut, Key: "k", New: "1"}, command{Op: opGet, Key: "k"})
	f.Add(imageOf(m))
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}) // very many values, and none follows
	f.Fuzz(func(t *testing.T, b []byte) {
		applied, s, err := decodeImage(b)
		if err != nil {
			return
		}
		once := (&image{applied: applied, state: s}).encode()
		applied, s, err = decodeImage(once)
		if err != nil || !bytes.Equal(once, (&image{applied: applied, state: s}).encode()) {
			t.Errorf("%x is not the same again: %v", once, err)
		}
	})
}
