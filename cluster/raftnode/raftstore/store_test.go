package raftstore

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"
	"pgregory.net/rapid"

	"faultline/cluster/disk"
)

func TestAnEmptyLog(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		expect(t, "a new log", contents(t, v), "empty")
		if err := v.GetLog(1, &raft.Log{}); !errors.Is(err, raft.ErrLogNotFound) {
			t.Errorf("entry 1 of an empty log: %v", err)
		}
		check(t, v.DeleteRange(1, 10))
	})
}

// TestAKeyThatWasNeverSet: raft knows it by the text of the error.
func TestAKeyThatWasNeverSet(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		_, err := v.Get([]byte("key"))
		_, uintErr := v.GetUint64([]byte("key"))
		for _, err := range []error{err, uintErr} {
			if err == nil || err.Error() != "not found" {
				t.Errorf("got %v", err)
			}
		}
		if err := v.Set(nil, []byte("value")); err == nil {
			t.Error("an empty key was set")
		}
	})
}

func TestANumberIsNotAnyValue(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.Set([]byte("key"), []byte("text")))
		if _, err := v.GetUint64([]byte("key")); err == nil {
			t.Error("read text as a number")
		}
	})
}

// TestTheStoreKeepsItsOwnCopies: what the caller does with its memory afterwards changes nothing.
func TestTheStoreKeepsItsOwnCopies(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		logs, value := entriesOf(1, 1, 2), []byte("value")
		check(t, v.StoreLogs(logs))
		check(t, v.Set([]byte("key"), value))
		logs[1].Term, value[0] = 9, 'V'
		expect(t, "the log", contents(t, v), "1: 1 1")
		got, err := v.Get([]byte("key"))
		check(t, err)
		expect(t, "the value", string(got), "value")
		got[0] = 'V'
		got, _ = v.Get([]byte("key"))
		expect(t, "the value again", string(got), "value")
	})
}

func TestTheEndsOfALogCanBeDeleted(t *testing.T) {
	for _, test := range []struct {
		first, last uint64
		want        string
	}{
		{1, 2, "3: 1 1 1 1 1 1 1 1"},
		{3, 4, "5: 1 1 1 1 1 1"},
		{3, 10, "empty"},
		{1, 100, "empty"},
		{9, 10, "3: 1 1 1 1 1 1"},
		{9, 1 << 63, "3: 1 1 1 1 1 1"},
		{11, 20, "3: 1 1 1 1 1 1 1 1"},
		{5, 4, "3: 1 1 1 1 1 1 1 1"},
	} {
		t.Run(fmt.Sprintf("%d to %d", test.first, test.last), func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				v := open(t, d)
				check(t, v.StoreLogs(entriesOf(1, 3, 10)))
				check(t, v.DeleteRange(test.first, test.last))
				expect(t, "the log", contents(t, v), test.want)
				check(t, v.Close())
				expect(t, "the log opened again", contents(t, open(t, d)), test.want)
			})
		})
	}
}

// TestALogHasNoHoles: raft never asks for one, and a log with a hole could not be read again.
func TestALogHasNoHoles(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 10)))
		if err := v.DeleteRange(4, 6); err == nil {
			t.Error("deleted the middle of the log")
		}
		if err := v.StoreLogs([]*raft.Log{{Index: 11}, {Index: 13}}); err == nil {
			t.Error("stored entries with a gap between them")
		}
		expect(t, "the log", contents(t, v), "1: 1 1 1 1 1 1 1 1 1 1")
	})
}

// TestAConflictingSuffixIsReplaced as a follower does when its leader has other entries.
func TestAConflictingSuffixIsReplaced(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 6)))
		check(t, v.DeleteRange(4, 6))
		check(t, v.StoreLogs(entriesOf(2, 4, 5)))
		expect(t, "the log", contents(t, v), "1: 1 1 1 2 2")
		check(t, v.Crash())
		expect(t, "after a crash", contents(t, open(t, d)), "1: 1 1 1 2 2")
	})
}

// TestAfterAGapNothingOlderIsLeft: a follower that installed a snapshot goes on behind it. Its old entries
// must not come back, not even when the new ones are replaced as those of a deposed leader.
func TestAfterAGapNothingOlderIsLeft(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 3)))
		check(t, v.StoreLogs(entriesOf(2, 11, 12)))
		expect(t, "the log", contents(t, v), "11: 2 2")
		check(t, v.DeleteRange(11, 12))
		expect(t, "without the new entries", contents(t, v), "empty")
		check(t, v.Crash())
		v = open(t, d)
		expect(t, "after a crash", contents(t, v), "empty")
		check(t, v.StoreLogs(entriesOf(3, 11, 11)))
		check(t, v.Crash())
		expect(t, "with others in their place", contents(t, open(t, d)), "11: 3")
	})
}

func TestWritesWaitForTheSync(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		for name, write := range map[string]func() error{
			"StoreLogs":   func() error { return v.StoreLogs(entriesOf(1, 1, 100)) },
			"StoreLog":    func() error { return v.StoreLog(entriesOf(1, 1, 1)[0]) },
			"DeleteRange": func() error { return v.DeleteRange(1, 100) },
			"Set":         func() error { return v.Set([]byte("key"), nil) },
			"SetUint64":   func() error { return v.SetUint64([]byte("key"), 1) },
		} {
			check(t, v.StoreLogs(entriesOf(1, 1, 100)))
			begin := time.Now()
			check(t, write())
			if passed := time.Since(begin); passed != syncTime {
				t.Errorf("%s took %v, not %v", name, passed, syncTime)
			}
		}
		begin := time.Now()
		check(t, v.StoreLogs(nil))
		if passed := time.Since(begin); passed != 0 {
			t.Errorf("to store nothing took %v", passed)
		}
	})
}

// TestTheStoreAgreesWithRaftsOwn over any operations that raft makes, and however often it is closed or
// crashes between them.
func TestTheStoreAgreesWithRaftsOwn(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		ops := rapid.SliceOfN(rapid.Custom(drawOp), 1, 40).Draw(rt, "ops")
		var ours, theirs []string
		synctest.Test(t, func(t *testing.T) {
			sub, err := os.MkdirTemp(dir, "")
			check(t, err)
			d := newDisk(disk.Config{Dir: sub})
			v, model := open(t, d), raft.NewInmemStore()
			for _, o := range ops {
				check(t, o.apply(v))
				check(t, o.apply(model))
				switch o.Then {
				case "close":
					check(t, v.Close())
					v = open(t, d)
				case "crash":
					check(t, v.Crash())
					v = open(t, d)
				}
				ours, theirs = append(ours, render(t, v)), append(theirs, render(t, model))
			}
		})
		for i := range ours {
			if ours[i] != theirs[i] {
				rt.Fatalf("after operation %d, %+v:\n%s\nbut raft's own has\n%s", i, ops[i], ours[i], theirs[i])
			}
		}
	})
}

type op struct {
	What  string // append, replace a suffix, compact, set
	Count uint64
	Term  uint64
	Then  string // close, crash or nothing
}

func drawOp(t *rapid.T) op {
	return op{
		What:  rapid.SampledFrom([]string{"append", "append", "replace", "compact", "set"}).Draw(t, "what"),
		Count: rapid.Uint64Range(1, 8).Draw(t, "count"),
		Term:  rapid.Uint64Range(1, 9).Draw(t, "term"),
		Then:  rapid.SampledFrom([]string{"", "", "", "close", "crash"}).Draw(t, "then"),
	}
}

type store interface {
	raft.LogStore
	raft.StableStore
}

func (o op) apply(s store) error {
	first, _ := s.FirstIndex()
	last, _ := s.LastIndex()
	switch o.What {
	case "append":
		return s.StoreLogs(entriesOf(o.Term, last+1, last+o.Count))
	case "replace":
		from := max(first, last-min(last, o.Count)) + 1
		if err := s.DeleteRange(from, last); err != nil || from > last {
			return err
		}
		return s.StoreLogs(entriesOf(o.Term, from, from+1))
	case "compact":
		if last == 0 {
			return nil
		}
		return s.DeleteRange(first, min(last, first+o.Count))
	default:
		if err := s.SetUint64([]byte("term"), o.Term); err != nil {
			return err
		}
		return s.Set([]byte("vote"), []byte{byte(o.Count)})
	}
}

func render(t *testing.T, s store) string {
	term, _ := s.GetUint64([]byte("term"))
	vote, _ := s.Get([]byte("vote"))
	return fmt.Sprintf("%s, term %d, vote %v", contents(t, s), term, vote)
}
