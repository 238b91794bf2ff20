package byzantine

import (
	"encoding/json"
	"fmt"

	"faultline/cluster/logical"
)

// The statements that nodes make of a message.
const (
	send  = "send"  // this is my message
	echo  = "echo"  // this is the message that its sender has told me
	ready = "ready" // this is the message that I shall deliver
)

// statement is what a node says of the n-th message of another, or of its own.
type statement struct {
	What string          `json:"what"`
	Of   logical.Dot     `json:"of"`
	Is   json.RawMessage `json:"is"`
}

func (s statement) String() string { return fmt.Sprintf("%s %v = %s", s.What, s.Of, s.Is) }

// slot is the place for one message of a sender, which may tell different nodes different things.
type slot struct {
	made      map[string]bool                       // which statements this node has made
	heard     map[string]map[string]map[string]bool // statement → message → the nodes that made it
	delivered bool
}

func newSlot() *slot {
	return &slot{made: map[string]bool{}, heard: map[string]map[string]map[string]bool{echo: {}, ready: {}}}
}

// thresholds are how many statements it takes.
type thresholds struct {
	echoes  int // to get ready
	readies int // to get ready without them, and
	deliver int // to deliver
}

// bracha are those of reliable broadcast among n nodes of which f may lie (Bracha 1987). Two sets of more than (n+f)/2 nodes share an honest
// one, which echoes one message only: so honest nodes get ready for one message. Of f+1 that are ready one is honest; and 2f+1 are f+1 honest ones,
// which get everybody ready.
func bracha(n, f int) thresholds { return thresholds{(n+f)/2 + 1, f + 1, 2*f + 1} }

// trusting are those of reliable broadcast among nodes that may be silent but do not lie: whoever hears of a message passes it on, and delivers
// it.
func trusting(int, int) thresholds { return thresholds{1, 1, 1} }

// hear takes a statement of a node. It returns the statements that this node makes of that, each once, and what it delivers; nil if nothing.
func (s *slot) hear(from string, said statement, t thresholds) (says []statement, delivers json.RawMessage) {
	say := func(what string) {
		if !s.made[what] {
			s.made[what] = true
			says = append(says, statement{what, said.Of, said.Is})
		}
	}
	switch {
	case said.What == send && from == said.Of.Node: // nobody else can begin it
		say(echo)
	case said.What == echo || said.What == ready:
		s.note(from, said)
		if s.count(echo, said) >= t.echoes || s.count(ready, said) >= t.readies {
			say(ready)
		}
		if s.count(ready, said) >= t.deliver && !s.delivered {
			s.delivered = true
			return says, said.Is
		}
	}
	return says, nil
}

func (s *slot) note(from string, said statement) {
	of := s.heard[said.What]
	if of[string(said.Is)] == nil {
		of[string(said.Is)] = map[string]bool{}
	}
	of[string(said.Is)][from] = true
}

func (s *slot) count(what string, said statement) int { return len(s.heard[what][string(said.Is)]) }
