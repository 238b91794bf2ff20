package broadcast

import (
	"time"

	"faultline/cluster/sim/ntp"
	"faultline/cluster/sim/rpc"
)

// told is the answer to the question what time it is.
type told struct {
	Heard   time.Duration `json:"heard"`
	Replied time.Duration `json:"replied"`
}

// tellTime answers by this node's clock. The first node's is the one that counts.
func (b *Broadcast) tellTime() rpc.Response {
	heard := b.wall.Now()
	return rpc.Answer(0, heard.String(), told{heard, b.wall.Now()})
}

// askTime asks the first node what time it is, now and then, and corrects this node's clock.
func (b *Broadcast) askTime() {
	for b.process.Sleep(b.config.AskTime) {
		asked := b.wall.Now()
		response, err := b.call(b.leader, rpc.NewRequest("time", 0, asked.String(), packet{}), b.config.AskTime)
		answered := b.wall.Now()
		var t told
		if err == nil && response.Status == rpc.Done && response.Decode(&t) == nil {
			b.wall.Correct(ntp.Exchange{Asked: asked, Heard: t.Heard, Replied: t.Replied, Answered: answered}.Offset())
		}
	}
}
