package commitlog

import (
	"testing"

	"pgregory.net/rapid"
)

// TestAnEpochIsOneTransaction: whatever is asked in whatever order, an epoch has one end, what is decided stays so, and an epoch that is over does not
// come back.
func TestAnEpochIsOneTransaction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, ends := transaction{ID: "app-1", identity: identity{Producer: 1}, Phase: empty}, map[uint64]marker{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			next := now
			switch rapid.SampledFrom([]string{"take over", "enlist", "enlist nothing", "commit", "abort", "complete"}).Draw(t, "step") {
			case "take over":
				next, _ = now.begun()
			case "enlist":
				next, _ = now.enlisted([]string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "partition")})
			case "enlist nothing":
				next, _ = now.enlisted(nil)
			case "commit":
				if now.Phase == ongoing {
					next = now.decided(commits, now.Epoch+1)
				}
			case "abort":
				if now.Phase == ongoing {
					next = now.decided(aborts, now.Epoch+1)
				}
			case "complete":
				if now.ending() {
					next = now.completed()
				}
			}
			switch {
			case next.Epoch < now.Epoch:
				t.Fatalf("%+v after %+v", next, now)
			case now.ending() && !next.same(now) && !next.same(now.completed()):
				t.Fatalf("%+v was decided, and is %+v", now, next)
			case next.ending() && len(next.Partitions) == 0:
				t.Fatalf("%+v waits for no partition", next)
			case now.Phase == ongoing && next.Phase != ongoing && (next.Epoch == now.Epoch || len(next.Partitions) != len(now.Partitions)):
				t.Fatalf("%+v ended as %+v", now, next)
			}
			if m := next.marker(); m != "" {
				if was, there := ends[next.Epoch]; there && was != m {
					t.Fatalf("epoch %d has %s and %s", next.Epoch, was, m)
				}
				ends[next.Epoch] = m
			}
			now = next
		}
	})
}

// TestLastStable: consumers stop before what is open, and get nothing that was aborted, whatever the transactions of several producers do.
func TestLastStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &replica{}
		r.remember()
		epochs := map[uint64]uint64{1: 1, 2: 1, 3: 1}
		for range rapid.IntRange(0, 20).Draw(t, "entries") {
			p := rapid.Uint64Range(1, 3).Draw(t, "producer")
			m := message{sender: sender{Producer: p, Epoch: epochs[p], Sequence: 1}}
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				m = message{} // of no transaction
			case 1:
				epochs[p]++
				m = message{Marker: rapid.SampledFrom([]marker{commits, aborts}).Draw(t, "end"), sender: sender{Producer: p, Epoch: epochs[p]}}
			}
			r.log = append(r.log, entry{Epoch: 1, Command: m})
			r.note(m)
		}
		r.advance(rapid.Uint64Range(0, r.log.Length()).Draw(t, "high watermark"))
		stable := r.lastStable()
		for n := uint64(1); n <= r.high; n++ {
			end := r.endOf(n)
			switch open := end == "" && r.log[n-1].Command.Epoch != 0 && r.log[n-1].Command.Marker == ""; {
			case open && n <= stable:
				t.Fatalf("entry %d is open, and %d are stable", n, stable)
			case n <= stable && (end == aborts || r.log[n-1].Command.Marker != "") != r.committedOnly(n):
				t.Fatalf("entry %d, ended by %q, is hidden: %v", n, end, r.committedOnly(n))
			case n == stable+1 && !open:
				t.Fatalf("%d are stable, and the next entry is not open", stable)
			}
		}
	})
}

// endOf is the first committed marker of the producer of an entry behind it.
func (r *replica) endOf(n uint64) marker {
	m := r.log[n-1].Command
	for _, e := range r.log[n:r.high] {
		if c := e.Command; m.Epoch != 0 && c.Producer == m.Producer && c.Marker != "" {
			return c.Marker
		}
	}
	return ""
}
