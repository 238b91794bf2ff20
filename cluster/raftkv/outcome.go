package raftkv

import (
	"faultline/cluster"
	"faultline/cluster/raftnode"
)

// code is how a node answers. Every answer that is not an answer to the operation is either definite,
// which means that the operation certainly was not and will not be applied because of this request, or
// it is not, and then nobody knows.
type code uint8

const (
	codeOK         code = iota + 1
	codeNotLeader       // definite; another node may lead
	codeRefused         // definite; not now
	codeIndefinite      // may have been applied, or may be later
)

func (c code) definite() bool { return c == codeNotLeader || c == codeRefused }

// outcomes is what the store's errors mean. Errors that are not in it are indefinite.
var outcomes = raftnode.Meanings(
	raftnode.Meaning{Error: cluster.Error{Name: "not-applied", Definite: true, Why: "a read was refused: the state machine did not catch up in time"}, Err: errNotApplied},
	raftnode.Meaning{Error: cluster.Error{Name: "not-fresh", Definite: true, Why: "a read was refused: the node could not find out how far behind it is"}, Err: errNotFresh},
)

// classify is how a node answers when it has an error.
func classify(err error) (code, string) {
	m := raftnode.MeaningIn(outcomes, err)
	return codeOf(m), m.Name
}

func codeOf(m raftnode.Meaning) code {
	switch {
	case !m.Definite:
		return codeIndefinite
	case m.Elsewhere:
		return codeNotLeader
	default:
		return codeRefused
	}
}
