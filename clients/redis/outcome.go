package redis

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"faultline/cluster"
	"faultline/history"
)

// refusals are how the errors begin by which Redis refuses a command before it carries it out (processCommand in its
// server.c). Whoever speaks its protocol means the same by them. An error that begins otherwise, with ERR above all, is
// unknown: a replicated server says so of commands that its log may have.
var refusals = []string{
	"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "ASK", "TRYAGAIN", "NOREPLICAS", "BUSY",
	"OOM", "MISCONF", "NOAUTH", "NOPERM", "WRONGTYPE", "EXECABORT",
	"ERR unknown command", "ERR wrong number of arguments", "ERR max number of clients reached",
}

// unanswered is the outcome of an operation that ended in an error, and whether another node may serve it: one that was refused or
// was not sent.
func (c *client) unanswered(o cluster.Op, err error, sent bool) (out cluster.Outcome, again bool) {
	switch {
	case !sent:
		return failed("not sent: " + reason(err)), true
	case c.refuses(err):
		return failed(reason(err)), true
	case o.F == "read": // it has changed nothing
		return failed(reason(err)), false
	default:
		return cluster.Outcome{Type: history.Info, Error: reason(err)}, false
	}
}

// refuses reports whether an error is the answer of a server that has not carried a command out.
func (c *client) refuses(err error) bool {
	var answer goredis.Error
	if !errors.As(err, &answer) {
		return false
	}
	begins := func(prefix string) bool { return strings.HasPrefix(answer.Error(), prefix) }
	return slices.ContainsFunc(refusals, begins) || slices.ContainsFunc(c.refused, begins)
}

func failed(why string) cluster.Outcome { return cluster.Outcome{Type: history.Fail, Error: why} }

// reason is an error in few words.
func reason(err error) string {
	var late net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) && late.Timeout() {
		return "timeout"
	}
	return err.Error()
}
