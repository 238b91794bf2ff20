// Package stream has a node tell another one what is new: entries of a log, what is committed, or only that it lives.
//
// One request is on its way at a time. The next one follows as soon as there is news, and with the next beat of the monitor in any case. After
// silence or a refusal news wait for the beat, so that nothing is repeated in no time.
package stream

import (
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
)

// Stream is what one node tells another. Everything but Call runs with the monitor locked, and must not wait but by its methods.
type Stream struct {
	Lasts func() bool        // whether there still is something to tell; not once the process is dead
	Say   func() rpc.Request // what there is to say now, be it only a sign of life
	Call  func(rpc.Request) (rpc.Response, error)
	// Answered takes what came of a request: done if the other node did what it was asked for. Otherwise the response is a refusal, or
	// empty if the node is silent. It may be late: Lasts may not hold any more.
	Answered func(response rpc.Response, done bool)
	News     func() bool // whether there is something that was not said
}

// Run tells it for as long as it lasts.
func (s Stream) Run(m *monitor.Monitor) {
	m.Lock()
	defer m.Unlock()
	for s.Lasts() {
		q, beat := s.Say(), m.Beats()
		var response rpc.Response
		var err error
		m.Outside(func() { response, err = s.Call(q) })
		done := err == nil && response.Status == rpc.Done
		s.Answered(response, done)
		if !done {
			beat = m.Beats()
		}
		m.Await(func() bool { return !s.Lasts() || m.Beats() > beat || done && s.News() })
	}
}
