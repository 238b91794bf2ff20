package linear

import (
	"math/rand/v2"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A hint at an initial value is true: with it the same operations are linearizable by definition. And where registers began with a value that
// some read saw and nothing wrote, there is a hint.
func TestInitialHintsAreTrue(t *testing.T) {
	hints := 0
	for seed := range uint64(6_000) {
		rng := rand.New(rand.NewPCG(seed, 17))
		first := history.IntValue(100)
		s := simulation{
			rng: rng, keys: []string{"x"}, processes: 1 + rng.IntN(3), length: 2 + rng.IntN(5), values: 1 + rng.IntN(3),
			unique: rng.IntN(2) == 0, blind: rng.IntN(3) == 0, spoil: rng.IntN(2), first: first,
		}
		ops, err := history.Operations(s.run())
		if err != nil {
			t.Fatal(err)
		}
		part := Linearizable(CASRegister(), ops, checker.Options{})
		if part.Validity != checker.Invalid {
			continue
		}
		hint := part.Findings[0].Initial
		right := bruteForceOrder(ops, first, byPosition)
		switch {
		case hint == "" && right && sees(ops, first):
			t.Fatalf("seed %d: no hint at %v\n%s", seed, first, render(ops))
		case hint == "":
			continue
		}
		hints++
		v, err := history.ParseEDN(hint)
		if err != nil || !bruteForceOrder(ops, v, byPosition) {
			t.Fatalf("seed %d: the hint %s is wrong, %v\n%s", seed, hint, err, render(ops))
		}
	}
	if hints < 300 {
		t.Errorf("only %d hints", hints)
	}
}

// sees reports whether some operation that is ok certainly saw a value.
func sees(ops []history.Operation, v history.Value) bool {
	for _, op := range ops {
		if pair, ok := op.Input.List(); op.Outcome == history.OK && (op.F == "read" && op.Output.Equal(v) || ok && pair[0].Equal(v) && !pair[1].Equal(v)) {
			return true
		}
	}
	return false
}

// So it is for other models, in words that --initial reads.
func TestInitialHintsOfOtherModels(t *testing.T) {
	for i, o := range oracles() {
		hints := 0
		for seed := range uint64(1_500) {
			start, _ := beginnings[o.model.Name()](rand.New(rand.NewPCG(seed, 12)))
			begun := o
			begun.start = start
			ops := drawModel(&begun, seed, 3+int(seed%5))
			part := Linearizable(o.model, ops, checker.Options{})
			if part.Validity != checker.Invalid || part.Findings[0].Initial == "" {
				continue
			}
			hints++
			initial, err := checker.ParseInitial(part.Findings[0].Initial)
			if err != nil {
				t.Fatal(err)
			}
			if again := Linearizable(o.model, ops, checker.Options{Initial: initial}); again.Validity != checker.Valid {
				t.Fatalf("%d %s, seed %d: with %s it is %v: %s\n%s", i, o.model.Name(), seed, part.Findings[0].Initial, again.Validity, again.Reason, render(ops))
			}
		}
		if name := o.model.Name(); hints == 0 && name != "mutex" && name != "kv" {
			t.Errorf("%d %s: no hint", i, name)
		}
	}
}

// What a failed operation was to put there is no initial value: that it is there is what is wrong.
func TestNoHintAtWhatFailed(t *testing.T) {
	ops := []history.Operation{
		{F: "write", Input: history.IntValue(5), Outcome: history.Fail, Returned: 1},
		{F: "read", Output: history.IntValue(5), Outcome: history.OK, Invoked: 2, Returned: 3},
	}
	part := Linearizable(Register(), ops, checker.Options{})
	if part.Validity != checker.Invalid || part.Findings[0].Initial != "" {
		t.Errorf("%+v", part)
	}
	ops[0].Input = history.IntValue(4)
	if part := Linearizable(Register(), ops, checker.Options{}); part.Findings[0].Initial != "5" {
		t.Errorf("%+v", part)
	}
}

// So it is for what a cas or a transaction was to put there. And what --initial would take for the values of keys is no hint either.
func TestNoHintAtWhatWouldNotHelp(t *testing.T) {
	for _, c := range []struct {
		model                 Model
		f, input, read, wants string
	}{
		{CASRegister(), "cas", "[1 5]", "5", ""},
		{CASRegister(), "cas", "[5 1]", "5", "5"},
		{MultiRegister(), "write", "{:x 5 :y 6}", "{:x 5}", ""},
		{MultiRegister(), "txn", "[[:w :x 5]]", "{:x 5}", ""},
		{MultiRegister(), "write", "{:y 5}", "{:x 5}", "{:x 5}"},
		{Register(), "write", "1", "{:x 5}", ""},
	} {
		ops := []history.Operation{
			{F: c.f, Outcome: history.Fail, Returned: 1},
			{F: "read", Outcome: history.OK, Invoked: 2, Returned: 3},
		}
		for text, to := range map[string]*history.Value{c.input: &ops[0].Input, c.read: &ops[1].Output} {
			var err error
			if *to, err = history.ParseEDN(text); err != nil {
				t.Fatal(err)
			}
		}
		part := Linearizable(c.model, ops, checker.Options{})
		if part.Validity != checker.Invalid || part.Findings[0].Initial != c.wants {
			t.Errorf("%s: %s failed, read %s: %v, hint %q; want %q", c.model.Name(), c.input, c.read, part.Validity, part.Findings[0].Initial, c.wants)
		}
	}
}

// An element that the last read lacks is lost, whatever else is wrong; one that only earlier reads lack is stale.
func TestLostAndStaleElements(t *testing.T) {
	at := int32(-2)
	op := func(f string, outcome history.Type, in, out string) history.Operation {
		at += 2
		o := history.Operation{F: f, Outcome: outcome, Invoked: at, Returned: at + 1}
		for text, to := range map[string]*history.Value{in: &o.Input, out: &o.Output} {
			if v, err := history.ParseEDN(text); err == nil {
				*to = v
			}
		}
		return o
	}
	lost := []history.Operation{op("add", history.OK, "1", ""), op("add", history.Fail, "20", ""), op("read", history.OK, "", "[20]")}
	if f := Linearizable(Set(), lost, checker.Options{}).Findings[0]; f.Anomaly != missed || !strings.Contains(f.Sentence, "lacks 1") {
		t.Errorf("%+v", f)
	}
	stale := []history.Operation{op("add", history.OK, "1", ""), op("read", history.OK, "", "[]"), op("read", history.OK, "", "[1]")}
	if f := Linearizable(Set(), stale, checker.Options{}).Findings[0]; f.Anomaly != missed || !strings.Contains(f.Sentence, "lacks 1") {
		t.Errorf("%+v", f)
	}
	twice := []history.Operation{op("add", history.OK, "1", ""), op("read", history.OK, "", "[1 1]")}
	if f := Linearizable(Set(), twice, checker.Options{}).Findings[0]; f.Anomaly != duplicated || len(f.Operations) != 1 {
		t.Errorf("%+v", f)
	}
}

// Nothing can be appended to what is no text, wherever it came from.
func TestAppendToWhatIsNoText(t *testing.T) {
	events := eventsOf([]history.Operation{
		{F: "put", Input: history.IntValue(5), Outcome: history.OK, Returned: 1},
		{F: "append", Input: history.TextValue("a"), Outcome: history.OK, Invoked: 2, Returned: 3},
		{F: "get", Output: history.TextValue("a"), Outcome: history.OK, Invoked: 4, Returned: 5},
	})
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	if part := Linearizable(KV(), ops, checker.Options{}); part.Validity != checker.Unknown {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
	if part, _ := streamed(KV(), events, 0); part.Validity != checker.Unknown {
		t.Errorf("a stream: %v: %s", part.Validity, part.Reason)
	}
	part := Linearizable(KV(), ops[1:], checker.Options{Initial: checker.InitialValue(history.IntValue(5))})
	if part.Validity != checker.Unknown {
		t.Errorf("beginning with 5: %v: %s", part.Validity, part.Reason)
	}
}
