package raftkv

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/report"
	"faultline/history"
)

// TestATraceHasAllMessages of clients and nodes, each with its answer, in the order in which they were sent; and none
// that a process sent or read while it was down or paused.
func TestATraceHasAllMessages(t *testing.T) {
	c := Config{Nodes: 3, Trace: true, Raft: raftnode.Config{SnapshotInterval: time.Second, SnapshotThreshold: 20, TrailingLogs: 5}}
	inLab(t, c, func(l *lab) {
		w := l.writers("abc")
		l.ask("n1", cluster.Op{F: "cas", Key: "a", Value: history.PairValue(-1, -2)})
		down := l.follower()
		l.check(l.Crash(down))
		time.Sleep(5 * time.Second)
		l.check(l.Restart(down))
		l.check(l.Pause(l.leader()))
		time.Sleep(3 * time.Second)
		l.heal()
		l.check(l.Transfer(l.follower()))
		time.Sleep(2 * time.Second)
		w.verify()
		r := l.Report()
		kinds := wellFormed(t, r.Messages)
		nobodyStopped(t, r)
		for _, kind := range []string{"AppendEntries", "heartbeat", "RequestVote", "RequestPreVote", "InstallSnapshot", "TimeoutNow", "read", "write", "cas", "confirm"} {
			answer := kind + "Response"
			if strings.ToLower(kind) == kind {
				answer = kind + " response"
			}
			if kinds[kind] == 0 || kinds[answer] == 0 || kinds[kind] < kinds[answer] {
				t.Errorf("%d times %s, %d times %s", kinds[kind], kind, kinds[answer], answer)
			}
		}
		if r.Untraced != 0 {
			t.Errorf("%d writes are missing", r.Untraced)
		}
	})
}

// heal resumes whoever is paused.
func (l *lab) heal() {
	for _, n := range l.nodes {
		_ = l.Resume(n) // an error says that it is not paused
	}
}

// wellFormed checks what holds for each message by itself, and counts the kinds.
func wellFormed(t *testing.T, messages []report.Message) map[string]int {
	t.Helper()
	kinds := map[string]int{}
	for i, m := range messages {
		kinds[m.Kind]++
		switch {
		case m.ID != i+1:
			t.Fatalf("message %d has the number %d", i+1, m.ID)
		case i > 0 && m.Sent < messages[i-1].Sent:
			t.Fatalf("message %d was sent before the one before it", m.ID)
		case m.Received != -1 && m.Received <= m.Sent:
			t.Errorf("received before it was sent: %+v", m)
		case m.Kind == "" || m.From == m.To:
			t.Errorf("it is none: %+v", m)
		}
		if m.ReplyTo == 0 {
			continue
		}
		request := messages[m.ReplyTo-1]
		if request.From != m.To || request.To != m.From || request.Received == -1 || request.Received > m.Sent || !strings.HasPrefix(m.Kind, request.Kind) {
			t.Errorf("%+v does not answer %+v", m, request)
		}
	}
	return kinds
}

// nobodyStopped checks that no node that is down or paused says or hears anything.
func nobodyStopped(t *testing.T, r report.Report) {
	t.Helper()
	stopped := func(node string, at time.Duration) bool {
		role := ""
		for _, x := range r.Track {
			switch {
			case x.Node != node:
			case x.Time < at:
				role = x.Role
			case x.Time == at: // both in one instant
				return false
			}
		}
		return role == "down" || role == "paused"
	}
	roles := map[string]int{}
	for _, x := range r.Track {
		roles[x.Role]++
	}
	if roles["down"] == 0 || roles["paused"] == 0 {
		t.Fatalf("roles: %v", roles)
	}
	for _, m := range r.Messages {
		if stopped(m.From, m.Sent) || m.Received != -1 && stopped(m.To, m.Received) {
			t.Errorf("somebody was down or paused: %+v", m)
		}
	}
}

// TestMessagesInWords is what a reader of a trace sees.
func TestMessagesInWords(t *testing.T) {
	long := strings.Repeat("ä", 100)
	ask := func(r request) []byte { return r.encode(nil) }
	say := func(r response) []byte { return r.encode(nil) }
	for _, test := range []struct {
		request, response []byte
		want              string
	}{
		{ask(request{Command: command{Op: opGet, Key: "k1"}}), say(response{Code: codeOK, Result: result{Matched: true, Present: true, Value: "5   ", Index: 12}}),
			"read k1; read response 5, index 12"},
		{ask(request{Command: command{Op: opGet, Key: "k1"}, Seen: 9}), say(response{Code: codeOK, Result: result{Matched: true, Index: 12}}),
			"read k1; read response nothing, index 12"},
		{ask(request{Command: command{Op: opPut, Key: "k1", New: "5" + strings.Repeat(" ", 999)}}), say(response{Code: codeNotLeader, Error: "not-leader", Leader: "n2"}),
			"write k1 := 5; write response not-leader, ask n2"},
		{ask(request{Command: command{Op: opCAS, Key: "k1", Old: "4", New: "5"}}), say(response{Code: codeOK, Result: result{Present: true, Value: "3", Index: 12}}),
			"cas k1: 4 → 5; cas response found 3, index 12"},
		{ask(request{Command: command{Op: opDelete, Key: long}}), say(response{Code: codeOK, Result: result{Matched: true, Index: 12}}),
			"delete " + long[:60] + "…; delete response index 12"},
		{ask(request{Term: 3}), say(response{Code: codeOK}), "confirm; confirm response yes"},
		{ask(request{Term: 3, Promise: time.Second}), say(response{Code: codeRefused}), "confirm and promise 1s; confirm response no"},
		{ask(request{Command: command{Op: opIndex}}), say(response{Code: codeIndefinite, Error: "raft-shutdown"}), "index; index response raft-shutdown"},
	} {
		q, _ := kvProtocol{}.Request(slices.Concat(test.request, test.request))
		a, ok := kvProtocol{}.Response(q.Kind, slices.Concat(test.response, test.request))
		got := strings.TrimSpace(q.Kind+" "+q.Detail) + "; " + strings.TrimSpace(a.Kind+" "+a.Detail)
		if got != test.want || q.Size != len(test.request) || a.Size != len(test.response) || !ok {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// TestWhatIsNoMessageIsNotTaken for one: pieces, and bytes that mean nothing.
func TestWhatIsNoMessageIsNotTaken(t *testing.T) {
	whole := (&request{Command: command{Op: opPut, Key: "k", New: "5"}}).encode(nil)
	for i := range whole {
		if m, ok := (kvProtocol{}).Request(whole[:i]); ok {
			t.Errorf("%d of %d bytes are %+v", i, len(whole), m)
		}
	}
	for n := range 300 {
		b := []byte(fmt.Sprintf("%c%s", rune(n%200), strings.Repeat("\xff", n)))
		if m, ok := (kvProtocol{}).Request(b); ok && m.Size > len(b) {
			t.Errorf("%q is %+v", b, m)
		}
		if m, ok := (kvProtocol{}).Response("read", b); ok && m.Size > len(b) {
			t.Errorf("%q is %+v", b, m)
		}
	}
}
