package crdt

import (
	"fmt"

	"faultline/cluster/broadcast"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// operations is the way of replicas that send each other the updates themselves, by causal broadcast. What was broadcast is all that is on the
// disk. Each replica makes each update by itself, when it has what that was made in view of.
type operations struct {
	*replica
	*broadcast.Broadcast
}

// operation is an update as it is broadcast.
type operation struct {
	Key    string `json:"key"`
	F      string `json:"f"`
	Update string `json:"update"` // an ops.Update, as JSON
}

func startOperations(r *replica) (way, error) {
	o := &operations{replica: r}
	var err error
	o.Broadcast, err = broadcast.Open(r.Process, broadcast.Config{Spread: r.spread, Order: r.order, Deliver: o.deliver,
		Timing: r.config.Broadcast})
	return o, err
}

// change implements way.
func (o *operations) change(key string, u datatypes.Update, _ *datatypes.Object) bool {
	_, ok := o.Send(operation{key, u.F, u.Encode().String()})
	return ok
}

// answer implements way: replicas tell each other nothing here.
func (o *operations) answer(_ string, q rpc.Request) rpc.Response {
	return rpc.Refuse(0, fmt.Sprintf("there is no request %q", q.Kind), "")
}

// deliver makes an update that was broadcast. One that a client has asked two nodes for is broadcast twice.
func (o *operations) deliver(m broadcast.Message) {
	var told operation
	err := m.Decode(&told)
	if err == nil {
		err = o.make(told)
	}
	if err != nil {
		o.Die(fmt.Sprintf("message %v: %v", m, err))
	}
}

func (o *operations) make(told operation) error {
	v, err := history.ParseValue([]byte(told.Update))
	if err != nil {
		return err
	}
	u := datatypes.Update{F: told.F}
	if u.Update, err = ops.DecodeUpdate(v); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	object, err := o.object(told.Key)
	if err != nil || object.Seen.Includes(u.Dot) {
		return err
	}
	delta, err := o.delta(object, u)
	if err != nil {
		return err
	}
	return o.take(change{told.Key, delta})
}
