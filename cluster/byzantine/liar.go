package byzantine

import (
	"encoding/json"
	"fmt"
	"slices"

	"faultline/cluster"
)

// liar is a node that lies (Lamport, Shostak and Pease 1982): it equivocates, which is to tell some nodes another thing than others, of its own
// messages and of those of others; and it replays. What it cannot do is to speak in the name of another: links tell who speaks.
type liar struct {
	name  string
	nodes int
}

// tell is what it tells a node in place of a statement.
func (l liar) tell(to string, s statement) []statement {
	if slices.Index(cluster.NodeNames(l.nodes), to)%2 == 0 {
		return []statement{s, s}
	}
	s.Is = json.RawMessage(fmt.Sprintf("[%q,%s]", l.name+" lies", s.Is))
	return []statement{s}
}
