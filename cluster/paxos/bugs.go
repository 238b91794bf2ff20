package paxos

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/sim/rpc"
)

const bugsFile = "cluster/paxos/bugs.go"

var bugs = cluster.Bugs[*replica]{
	{Bug: cluster.Bug{Name: "nothing-adopted", File: bugsFile, Mode: "confirmed", Canary: true,
		Summary: "a leader proposes values of its own where lower ballots may have chosen some",
		Why:     "what was acknowledged is overwritten; whoever takes phase 1 for an election and no more builds this"},
		Plant: nothingAdopted},
	{Bug: cluster.Bug{Name: "any-ballot-adopted", File: bugsFile, Mode: "confirmed",
		Summary: "a leader adopts the value that it is told of first, and not the one of the highest ballot",
		Why:     "a value of a ballot that chose nothing replaces one that is chosen: the mistake that the proof of Paxos is about"},
		Plant: anyBallotAdopted},
	{Bug: cluster.Bug{Name: "promise-not-synced", File: bugsFile, Mode: "confirmed",
		Summary: "an acceptor answers with a promise that is in its memory only",
		Why:     "after a crash it accepts what it had promised not to, and a proposer uses a ballot again; Paxos Made Live has a section on disks that forget"},
		Plant: promiseNotSynced},
	{Bug: cluster.Bug{Name: "ballots-shared", File: bugsFile, Mode: "confirmed",
		Summary: "a proposer takes the next ballot, whoever else may take it",
		Why:     "two leaders propose different values in one ballot; ballots are to be drawn from disjoint sets of numbers (Paxos Made Simple, section 2.4)"},
		Plant: ballotsShared},
	{Bug: cluster.Bug{Name: "quorums-apart", File: bugsFile, Mode: "confirmed",
		Summary: "two of five promises are enough to lead",
		Why:     "the quorum of a ballot need not meet the one that chose a value in a lower ballot: Flexible Paxos (Howard, Malkhi and Spiegelman 2016) with the sum too small"},
		Plant: quorumsApart},
	{Bug: cluster.Bug{Name: "old-ballot-accepted", File: bugsFile, Mode: "confirmed",
		Summary: "an acceptor accepts values in a ballot that is lower than the one it has promised",
		Why:     "a leader that was preempted goes on choosing values of which the next one knows nothing"},
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
