package broadcast

import (
	"encoding/json"

	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
)

// Protocol reads the messages on Port for a trace, with what the clocks of the first message's sender showed when it was broadcast.
func Protocol() trace.Protocol { return protocol{rpc.Protocol()} }

type protocol struct{ trace.Protocol }

// Request implements trace.Protocol.
func (p protocol) Request(b []byte) (trace.Parsed, bool) {
	parsed, ok := p.Protocol.Request(b)
	if !ok {
		return parsed, false
	}
	var q rpc.Request
	var carried packet
	body, _ := rpc.FrameIn(b)
	if json.Unmarshal(body, &q) == nil && q.Decode(&carried) == nil && len(carried.Messages) > 0 && carried.Messages[0].Sent != nil {
		parsed.Clock = carried.Messages[0].Sent.String()
	}
	return parsed, true
}
