package primary

import (
	"math"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/rpc"
)

const bugsFile = "cluster/primary/bugs.go"

// All are in the mode fenced, which claims the most.
var bugs = cluster.Bugs[*replica]{
	{Bug: cluster.Bug{Name: "silence-is-consent", File: bugsFile, Mode: "fenced", Canary: true,
		Summary: "a primary counts an answer that does not come in time as an acknowledgement",
		Why: "a primary that is cut off acknowledges and confirms by itself; so does MySQL's semi-synchronous replication, which falls back to " +
			"asynchronous after a time-out"},
		Plant: silenceIsConsent},
	{Bug: cluster.Bug{Name: "one-for-another", File: bugsFile, Mode: "fenced",
		Summary: "a primary counts the acknowledgement of one backup twice when another is silent",
		Why:     "two of five nodes go on as if they were a majority"},
		Plant: oneForAnother},
	{Bug: cluster.Bug{Name: "epoch-forgotten", File: bugsFile, Mode: "fenced",
		Summary: "a node keeps its promised epoch only in memory",
		Why:     "after a crash it obeys a primary that it had promised to disobey, and an epoch has two primaries"},
		Plant: epochForgotten},
	{Bug: cluster.Bug{Name: "epoch-unchecked", File: bugsFile, Mode: "fenced",
		Summary: "a backup accepts entries of a deposed primary",
		Why:     "the old primary goes on acknowledging; fencing tokens prevent this, see Kleppmann 2016, How to do distributed locking"},
		Plant: epochUnchecked},
	{Bug: cluster.Bug{Name: "log-not-compared", File: bugsFile, Mode: "fenced",
		Summary: "a node promises to obey a primary whose log lacks acknowledged entries",
		Why:     "the new primary serves before it has caught up, and the backups discard what it lacks; so did Kafka with unclean leader election"},
		Plant: logNotCompared},
}

func silenceIsConsent(r *replica) {
	real := r.call
	r.call = func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
		response, err := real(node, q, timeout)
		var m message
		if err == nil || q.Kind != "replicate" || q.Decode(&m) != nil {
			return response, err
		}
		return rpc.Answer(q.Term, "", accepted{true, m.After.Length + uint64(len(m.Entries))}), nil
	}
}

func oneForAnother(r *replica) {
	real := r.call
	var mu sync.Mutex
	var last rpc.Response
	r.call = func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
		response, err := real(node, q, timeout)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case q.Kind != "replicate":
		case err == nil && response.Status == rpc.Done:
			last = response
		case err != nil && last.Term == q.Term:
			return last, nil
		}
		return response, err
	}
}

func epochForgotten(r *replica) {
	real := r.keep
	r.keep = func(change record) error {
		change.Epoch = 0
		return real(change)
	}
}

func epochUnchecked(r *replica) {
	real := r.answer
	r.answer = func(from string, q rpc.Request) rpc.Response {
		_, epoch := r.Role()
		if q.Kind != "replicate" || q.Term >= epoch {
			return real(from, q)
		}
		asked := q.Term
		q.Term = epoch
		response := real(from, q)
		response.Term = asked
		return response
	}
}

func logNotCompared(r *replica) {
	real := r.answer
	r.answer = func(from string, q rpc.Request) rpc.Response {
		if q.Kind == "promise" {
			q = rpc.NewRequest(q.Kind, q.Term, q.Detail, epochlog.Position{Length: math.MaxUint64, Epoch: math.MaxUint64})
		}
		return real(from, q)
	}
}
