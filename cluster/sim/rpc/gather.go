package rpc

import "faultline/cluster/sim"

// Heard is what a node said to a question that several were asked at once. Without an answer there is an error, as of Caller.Call.
type Heard struct {
	Node     string
	Response Response
	Err      error
}

// Did reports whether the node has done what it was asked for.
func (h Heard) Did() bool { return h.Err == nil && h.Response.Status == Done }

// AskAll asks nodes at once. What each says comes on the channel when it does, one value for each node, whether or not
// anybody receives it.
func AskAll(p *sim.Process, nodes []string, ask func(node string) (Response, error)) <-chan Heard {
	heard := make(chan Heard, len(nodes))
	for _, node := range nodes {
		p.Go(func() {
			response, err := ask(node)
			heard <- Heard{node, response, err}
		})
	}
	return heard
}
