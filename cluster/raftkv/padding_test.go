package raftkv

import (
	"testing"

	"faultline/cluster"
	"faultline/history"
)

// A large value travels, and is stored and restored, as large as it is, and means what it would without its padding.
func TestLargeValues(t *testing.T) {
	const padding = 40_000
	for _, read := range []string{"log", "readindex"} {
		c := Config{Seed: 1, Read: read}
		c.Raft.SnapshotThreshold, c.Raft.TrailingLogs = 4, 1
		inLab(t, c, func(l *lab) {
			before := l.counter("bytes sent")
			l.must(cluster.Op{F: "write", Key: "k", Value: history.IntValue(5), Padding: padding})
			if got := l.mustRead("k"); got != "5" {
				t.Errorf("%s: read %s", read, got)
			}
			if sent := l.counter("bytes sent") - before; sent < 3*padding {
				t.Errorf("%s: a value of %d bytes was written and %d bytes were sent", read, padding, sent)
			}
			l.must(cluster.Op{F: "cas", Key: "k", Value: history.PairValue(5, 6), Padding: 2 * padding})
			for _, n := range l.Nodes() {
				l.check(l.Crash(n))
			}
			for _, n := range l.Nodes() {
				l.check(l.Restart(n))
			}
			l.await()
			l.must(cluster.Op{F: "cas", Key: "k", Value: history.PairValue(6, 7)})
			out := l.ask("n1", cluster.Op{F: "cas", Key: "k", Value: history.PairValue(6, 8), Padding: padding})
			if seven := history.IntValue(7); out.Type != history.Fail || !out.Value.Equal(seven) {
				t.Errorf("%s: a cas that expects another value: %s", read, describe(out))
			}
		})
	}
}
