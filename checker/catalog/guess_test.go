package catalog

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
		{[]history.Operation{ok("add", history.ListValue(one, history.TextValue("a"), one, history.MapValue()), nothing)}, "replicated"},
		{[]history.Operation{ok("acquire", nothing, nothing)}, "mutex"},
		{[]history.Operation{ok("push", one, nothing), ok("pop", nothing, one)}, "stack"},
		{[]history.Operation{ok("enqueue", one, nothing)}, "fifo-queue or unordered-queue"},
		{[]history.Operation{ok("add", one, nothing)}, "set or counter"},
		{[]history.Operation{ok("enqueue", one, nothing), ok("drain", nothing, list)}, "unordered-queue"},
		{[]history.Operation{ok("dance", one, nothing)}, "no model has the operation dance; there are abandon, acquire"},
		{nil, "no operation"},
	} {
		var g Guesser
		for i := range c.ops {
			g.Add(&c.ops[i])
		}
		m, why, err := g.Guess()
		if err == nil && (m.Name != c.want || why == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("guessed %q, %q, %v; want %s", m.Name, why, err, c.want)
		}
	}
}

func TestByName(t *testing.T) {
	for _, e := range All() {
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			if found, err := ByName(name); err != nil || found.Name != e.Name {
				t.Errorf("%s: %v, %v", name, found.Name, err)
			}
		}
		if e.Linear != nil && (e.Name != e.Linear().Name() || e.Checker != nil || e.Functions != nil) {
			t.Errorf("%s is not the model %s", e.Name, e.Linear().Name())
		}
		if e.Doc == "" || e.Judged == "" || len(e.Operations()) == 0 {
			t.Errorf("%s does not say what it is, what it judges and what it knows", e.Name)
		}
		for _, name := range e.Weaker {
			if _, err := ByName(name); err != nil {
				t.Errorf("%s: %v", e.Name, err)
			}
		}
	}
	for name, want := range map[string]string{
		"cas-registre": "did you mean cas-register?",
		"echo":         "there is no model echo yet (",
		"dance":        "there are",
	} {
		if _, err := ByName(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A name stands for one thing.
func TestNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, e := range entries {
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			if other, taken := seen[name]; taken {
				t.Errorf("%s is %s and %s", name, other, e.Name)
			}
			seen[name] = e.Name
		}
	}
}
