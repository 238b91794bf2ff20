package broadcast

import (
	"encoding/json"
	"fmt"

	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
)

// Protocol reads the messages on Port for a trace. Of the first message in a request it tells who broadcast it, which is not who sends the
// request if that passes it on, and what the clocks there showed then: "n1: L 17, V …".
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
		parsed.Clock = fmt.Sprintf("%s: %v", carried.Messages[0].ID.Node, carried.Messages[0].Sent)
	}
	return parsed, true
}
