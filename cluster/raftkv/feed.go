package raftkv

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// feedPause is how long a client that waits for records waits until it asks again.
const feedPause = 50 * time.Millisecond

// waits reports whether a command asks for records, and waits for some.
func waits(c *command) bool { return c.Name == ops.Poll || c.Name == ops.Fetch }

// wait asks again, if the answer to a request for records was that there are none, until there are some or the time is up.
func (c *client) wait(out cluster.Outcome, r *request, patient rpc.Attempts, deadline time.Time) cluster.Outcome {
	for none(out) && time.Until(deadline) > feedPause {
		time.Sleep(feedPause)
		c.serial++
		r.Command.Serial = c.serial
		next := c.outcome(r, patient, deadline)
		if next.Type != history.OK {
			return out // which still is an answer
		}
		out = next
	}
	return out
}

// none reports whether an answer is that there are no records.
func none(out cluster.Outcome) bool {
	records, isList := out.Value.List()
	return out.Type == history.OK && isList && len(records) == 0
}
