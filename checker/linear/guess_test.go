package linear

import (
	"strings"
	"testing"

	"faultline/history"
)

func TestGuess(t *testing.T) {
	ok := func(f string, in, out history.Value) history.Operation {
		return history.Operation{F: f, Input: in, Output: out, Outcome: history.OK, Returned: 1}
	}
	var nothing history.Value
	one := history.IntValue(1)
	list := history.ListValue(one)
	for _, c := range []struct {
		ops  []history.Operation
		want string // a model or what the error says
	}{
		{[]history.Operation{ok("read", nothing, one), ok("write", one, nothing)}, "register"},
		{[]history.Operation{ok("read", nothing, one), ok("write", one, nothing), ok("cas", history.PairValue(1, 2), nothing)}, "cas-register"},
		{[]history.Operation{ok("read", nothing, one), ok("write", one, nothing), ok("delete", nothing, nothing)}, "cas-register"},
		{[]history.Operation{ok("read", nothing, history.MapValue([2]history.Value{one, one})), ok("write", one, nothing)}, "multi-register"},
		{[]history.Operation{ok("get", nothing, one), ok("put", one, nothing)}, "kv"},
		{[]history.Operation{ok("add", one, nothing), ok("read", nothing, list)}, "set"},
		{[]history.Operation{ok("add", one, nothing), ok("read", nothing, history.SetValue(one))}, "set"},
		{[]history.Operation{ok("add", one, nothing), ok("read", nothing, one)}, "counter"},
		{[]history.Operation{ok("inc", nothing, nothing)}, "counter"},
		{[]history.Operation{ok("acquire", nothing, nothing)}, "mutex"},
		{[]history.Operation{ok("push", one, nothing), ok("pop", nothing, one)}, "stack"},
		{[]history.Operation{ok("enqueue", one, nothing)}, "fifo-queue or unordered-queue"},
		{[]history.Operation{ok("add", one, nothing)}, "set or counter"},
		{[]history.Operation{ok("enqueue", one, nothing), ok("drain", nothing, list)}, "unordered-queue"},
		{[]history.Operation{ok("dance", one, nothing)}, "no model has the operation dance; there are acquire, add"},
		{nil, "no operation"},
	} {
		var g Guesser
		for i := range c.ops {
			g.Add(&c.ops[i])
		}
		m, why, err := g.Guess()
		if err == nil && (m.Name() != c.want || why == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("guessed %q, %q, %v; want %s", m.Name(), why, err, c.want)
		}
	}
	for _, m := range Models() {
		if found, err := ModelByName(m.Name()); err != nil || found.Name() != m.Name() {
			t.Errorf("%s: %v", m.Name(), err)
		}
	}
	if _, err := ModelByName("bank"); err == nil || !strings.Contains(err.Error(), "cas-register") {
		t.Errorf("%v", err)
	}
}
