package replog

import (
	"testing"

	"pgregory.net/rapid"
)

// TestCopying: whatever two logs had, a few copies make one what the other is, as far as that goes.
func TestCopying(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Logs of nodes that appended in epochs 1, 2 and 3, each to a part of what the one before had.
		var logs []Log
		for epoch := range uint64(3) {
			var l Log
			if epoch > 0 {
				l = append(l, logs[epoch-1][:rapid.IntRange(0, len(logs[epoch-1])).Draw(t, "keeps")]...)
			}
			for range rapid.IntRange(1, 100).Draw(t, "appends") {
				l = l.Apply(l.Append(Entry{Epoch: epoch + 1}))
			}
			logs = append(logs, l)
		}
		from := logs[2]
		to := append(Log(nil), logs[rapid.IntRange(0, 1).Draw(t, "to")]...)
		for n, messages := from.Length(), 0; !to.Has(from.End()); messages++ {
			change, next, ok := to.Take(from.Copy(n))
			if ok && len(change.Entries) > 0 {
				to = to.Apply(change)
			}
			if n = next; messages > 100 {
				t.Fatalf("%v does not become %v", to.End(), from.End())
			}
		}
		if to.End() != from.End() {
			t.Fatalf("%v became %v", to.End(), from.End())
		}
	})
}
