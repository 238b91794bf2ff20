package etcd

import (
	"context"
	"errors"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultline/cluster"
	"faultline/history"
)

// definite are the errors of a member that mean that a change was not made and never will be, with the reason in the server's
// source. Everything else is unknown, and these above all:
//
//   - database space exceeded: the applier of a member whose quota is used up answers so after it has made the change
//     (quotaApplierV3.Put).
//   - request timed out, server stopped, context deadline exceeded: the proposal is in Raft's hands.
//   - leader changed: only reads are told so by 3.7.3, and nothing says that it stays so.
//   - corrupt cluster: the alarm that refuses changes reaches members one after the other.
var definite = []struct {
	err error
	why string
}{
	{rpctypes.ErrNoLeader, "an interceptor refuses a call before the server sees it"},
	{rpctypes.ErrGRPCNotCapable, "an interceptor refuses a call before the server sees it"},
	{rpctypes.ErrGRPCNotSupportedForLearner, "an interceptor refuses a call before the server sees it"},
	{rpctypes.ErrTooManyRequests, "the server counts what is not applied before it proposes"},
	{rpctypes.ErrRequestTooLarge, "the server measures a request before it proposes"},
	{rpctypes.ErrEmptyKey, "the server checks a request before it proposes"},
	{rpctypes.ErrTooManyOps, "the server checks a request before it proposes"},
	{rpctypes.ErrDuplicateKey, "the server checks a request before it proposes"},
	{rpctypes.ErrLeaseNotFound, "the applier looks for leases before it changes anything"},
	{rpctypes.ErrCompacted, "the applier refuses a compaction up to a revision that is forgotten already"},
	{errDropped, "the member's own Raft did not take the proposal, and says so before it returns"},
}

// errDropped is what becomes of raft.ErrProposalDropped, which has no code of its own.
var errDropped = status.Error(codes.Unknown, "raft proposal dropped")

// isDefinite reports whether an error of a member means that a change was not made.
func isDefinite(err error) bool {
	for _, d := range definite {
		if rpctypes.ErrorDesc(err) == rpctypes.ErrorDesc(d.err) {
			return true
		}
	}
	return false
}

// unread is the outcome of a read that found nothing out: it has changed nothing.
func unread(err error) cluster.Outcome { return failed(reason(err)) }

// unchanged is the outcome of a change that was answered by an error. If it was sent twice, the error says what became of the
// second only.
func unchanged(err error, a *attempt) cluster.Outcome {
	switch times := a.sent(); {
	case times == 0:
		return failed("not sent: " + reason(err))
	case times == 1 && isDefinite(err):
		return failed(reason(err))
	default:
		return cluster.Outcome{Type: history.Info, Error: reason(err)}
	}
}

func failed(why string) cluster.Outcome { return cluster.Outcome{Type: history.Fail, Error: why} }

// reason is an error in the same words in every run.
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) || status.Code(err) == codes.DeadlineExceeded {
		return "timeout"
	}
	return rpctypes.ErrorDesc(err)
}
