package nemesis

import (
	"errors"
	"math/rand/v2"

	"faultline/history"
)

const transferUsage = "transfer for the leader to hand over to one of its own choice, or transfer with the name of a node, or transfer one"

var transferVerb = verb{name: "transfer", usage: transferUsage, parse: parseTransfer}

// transfer has the leader hand leadership over, to one node or to one of its own choice.
type transfer struct {
	to targets // a name, one for any running node that does not lead, or nothing for whom the leader prefers
}

// leadership is the subject of transfers in a history.
const leadership = "leadership"

var transferSymbols = []symbol{one}

func (a transfer) anyone() bool { return a.to.symbol == noSymbol && len(a.to.names) == 0 }

func (a transfer) String() string {
	if a.anyone() {
		return "transfer"
	}
	return "transfer " + a.to.String()
}

func parseTransfer(l *line) (Action, error) {
	if l.peek() == "" {
		return transfer{}, nil
	}
	t, err := parseTargets(l, "transfer", transferSymbols)
	if err == nil && len(t.names) > 1 {
		err = l.errorf("only one node can lead; usage: %s", transferUsage)
	}
	return transfer{t}, err
}

func (a transfer) check(f *forecast) error {
	if len(f.nodes) < 2 {
		return f.refuse("transfer", "there is no other node to hand over to")
	}
	for _, name := range a.to.names {
		if _, err := f.node(name, transferSymbols); err != nil {
			return err
		}
	}
	return nil
}

func (a transfer) carryOut(r *Runner) Action {
	to, err := a.resolve(r)
	if err == nil {
		err = r.faults.Transfers.Transfer(to)
	}
	if err != nil {
		r.note("transfer", leadership, a.value(to), err.Error())
		return nil
	}
	r.note("transfer", leadership, a.value(to), "")
	r.note("transfer", leadership, history.Value{}, "") // and it is over: nobody has to end it
	if a.anyone() {
		return a
	}
	return transfer{targets{names: []string{to}}}
}

// resolve is the node to hand over to; "" leaves it to the leader.
func (a transfer) resolve(r *Runner) (string, error) {
	if r.faults.Transfers == nil {
		return "", errors.New("this system cannot suffer transfer")
	}
	if a.anyone() {
		return "", nil
	}
	leader, err := r.leader()
	if err != nil {
		leader = nil // the system says so
	}
	chosen, err := r.choose(a.to, func(n int) bool {
		return r.states[n] == running && (len(leader) == 0 || leader[0] != n)
	})
	if err != nil {
		return "", err
	}
	if len(chosen) == 0 {
		return "", errors.New("no other node is running")
	}
	return r.nodes[chosen[0]], nil
}

// value is what the history holds: to whom.
func (a transfer) value(to string) history.Value {
	switch {
	case to != "":
		return history.TextValue("to " + to)
	case a.anyone():
		return history.TextValue("to whom the leader prefers")
	}
	return history.TextValue("to " + a.to.String())
}

var transferFamily = family{
	Family: Family{
		Name:    "transfer",
		Summary: "make the leader hand over to a node, or to one of its own choice",
	},
	nodes: 2,
	begin: func(rng *rand.Rand, on Subject) Action {
		if rng.IntN(2) == 0 {
			return transfer{}
		}
		return transfer{targets{symbol: one}}
	},
}
