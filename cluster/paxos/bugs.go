package paxos

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/sim/rpc"
)

const bugsFile = "cluster/paxos/bugs.go"

var bugs = cluster.Bugs[*replica]{
	{Bug: cluster.Bug{Name: "nothing-adopted", File: bugsFile, Mode: "confirmed", Canary: true,
		Summary: "a leader proposes its own values in slots where lower ballots may have chosen others",
		Why:     "acknowledged values are overwritten; this is Paxos with phase 1 taken for a mere election"},
		Plant: nothingAdopted},
	{Bug: cluster.Bug{Name: "any-ballot-adopted", File: bugsFile, Mode: "confirmed",
		Summary: "a leader adopts the first value that it is told of, and not the one of the highest ballot",
		Why:     "a value of a ballot that chose nothing replaces a chosen one: the mistake that the proof of Paxos excludes"},
		Plant: anyBallotAdopted},
	{Bug: cluster.Bug{Name: "promise-not-synced", File: bugsFile, Mode: "confirmed",
		Summary: "an acceptor keeps its promise only in memory",
		Why: "after a crash it accepts what it had promised not to, and a proposer uses a ballot again; Paxos Made Live has a section on disks " +
			"that forget"},
		Plant: promiseNotSynced},
	{Bug: cluster.Bug{Name: "ballots-shared", File: bugsFile, Mode: "confirmed",
		Summary: "a proposer takes the next ballot, even if another proposer may take it",
		Why: "two leaders propose different values in one ballot; proposers must draw ballots from disjoint sets of numbers (Paxos Made " +
			"Simple, section 2.4)"},
		Plant: ballotsShared},
	{Bug: cluster.Bug{Name: "quorums-apart", File: bugsFile, Mode: "confirmed",
		Summary: "two of five promises are enough to lead",
		Why: "the quorum of a ballot may miss the one that chose a value in a lower ballot: Flexible Paxos (Howard, Malkhi and Spiegelman " +
			"2016) with the sum too small"},
		Plant: quorumsApart},
	{Bug: cluster.Bug{Name: "old-ballot-accepted", File: bugsFile, Mode: "confirmed",
		Summary: "an acceptor accepts values in a lower ballot than the one it has promised",
		Why:     "a preempted leader goes on choosing values that the next leader does not know"},
		Plant: oldBallotAccepted},
}

// nothingAdopted leaves out of promises what was accepted.
func nothingAdopted(r *replica) {
	real := r.call
	r.call = func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
		response, err := real(node, q, timeout)
		if err == nil && q.Kind == "prepare" && response.Status == rpc.Done {
			response = rpc.Answer(response.Term, response.Detail, promise{})
		}
		return response, err
	}
}

// anyBallotAdopted takes all that is promised for proposals of the lowest ballot: then whoever was first stays.
func anyBallotAdopted(r *replica) {
	real := r.call
	r.call = func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
		response, err := real(node, q, timeout)
		var p promise
		if err == nil && q.Kind == "prepare" && response.Status == rpc.Done && response.Decode(&p) == nil {
			response = rpc.Answer(response.Term, response.Detail, promise{p.Accepted.in(0)})
		}
		return response, err
	}
}

func promiseNotSynced(r *replica) {
	real := r.keep
	r.keep = func(change record) error {
		change.Promised = 0
		return real(change)
	}
}

func ballotsShared(r *replica) { r.next = func(ballot uint64) uint64 { return ballot + 1 } }

func quorumsApart(r *replica) { r.quorums.prepare-- }

// oldBallotAccepted has the acceptor believe that what it is asked to accept is of the ballot that it has promised.
func oldBallotAccepted(r *replica) {
	real := r.answer
	r.answer = func(from string, q rpc.Request) rpc.Response {
		_, promised := r.Role()
		if q.Kind != "accept" || q.Term >= promised {
			return real(from, q)
		}
		asked := q.Term
		q.Term = promised
		response := real(from, q)
		response.Term = asked
		return response
	}
}
