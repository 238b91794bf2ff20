package raftnode

import (
	"math/rand/v2"
	"testing"
	"time"

	"faultline/cluster/report"
)

// TestTheTrackHasEveryTerm: what it says of a node that runs is what the node says, at every moment of elections, crashes, pauses and
// cuts. Most nodes learn of a term without a change of role.
func TestTheTrackHasEveryTerm(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		draw := rand.New(rand.NewPCG(1, 2))
		learned := 0
		for range 40 {
			l.hurt(draw)
			for range 25 {
				time.Sleep(20 * time.Millisecond)
				learned = l.compareTrack()
			}
		}
		if learned < 10 {
			t.Errorf("only %d times a node learned of a term in the role that it had", learned)
		}
	})
}

// hurt does something to a node that brings about elections, and makes good what was done before.
func (l *lab) hurt(draw interface{ IntN(int) int }) {
	for _, name := range l.Nodes() {
		if l.node(name) == nil {
			l.check(l.Restart(name))
		} else if l.Awake(name) != nil {
			l.check(l.Resume(name))
		}
		for _, other := range l.Nodes() {
			if other != name {
				l.Mend(name, other)
			}
		}
	}
	name := l.Nodes()[draw.IntN(3)]
	switch draw.IntN(4) {
	case 0:
		l.check(l.Crash(name))
	case 1:
		l.check(l.Pause(name))
	case 2:
		for _, other := range l.Nodes() {
			if other != name {
				l.Cut(name, other)
			}
		}
	}
}

// compareTrack checks the last that the track has of each node that runs. It returns how often a node learned of a term otherwise than by
// a change of role.
func (l *lab) compareTrack() (learned int) {
	l.t.Helper()
	last := map[string]report.Transition{}
	for _, x := range l.Report().Track {
		if before := last[x.Node]; before.Role == x.Role && before.Term != x.Term {
			learned++
		}
		last[x.Node] = x
	}
	for _, name := range l.Nodes() {
		if l.node(name) == nil || l.Awake(name) != nil {
			continue
		}
		if role, term := l.node(name).Role(); last[name].Role != role || last[name].Term != term {
			l.t.Errorf("%s is %s in term %d, and the track has %+v", name, role, term, last[name])
		}
	}
	return learned
}
