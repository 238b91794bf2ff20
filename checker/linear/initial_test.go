package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// Registers that begin with a value are decided as the definition does, as a whole and in streams.
func TestInitialRegistersAgreeWithDefinition(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(8_000) {
		rng := rand.New(rand.NewPCG(seed, 11))
		s := simulation{
			rng: rng, keys: []string{"x"}, processes: 1 + rng.IntN(4), length: 2 + rng.IntN(6), values: 1 + rng.IntN(3),
			unique: rng.IntN(3) == 0, blind: rng.IntN(2) == 0, indexed: rng.IntN(2) == 0, spoil: rng.IntN(3), first: history.IntValue(int64(1 + rng.IntN(4))),
		}
		events := s.run()
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		want := validity(bruteForceOrder(ops, s.first, byPosition))
		seen[want]++
		opts := checker.Options{Initial: checker.InitialValue(s.first)}
		part := Linearizable(CASRegister(), ops, opts)
		if part.Validity != want {
			t.Fatalf("seed %d: beginning with %v %s says %v, by definition %v\n%s", seed, s.first, part.Stage, part.Validity, want, render(ops))
		}
		if want == checker.Invalid && len(part.Findings[0].Operations) == 0 {
			t.Fatalf("seed %d: no explanation\n%s", seed, render(ops))
		}
		if got := streamedWith(CASRegister(), events, opts); got.Validity != want {
			t.Fatalf("seed %d: beginning with %v a stream says %v, by definition %v\n%s", seed, s.first, got.Validity, want, render(ops))
		}
	}
	if seen[checker.Valid] < 1_000 || seen[checker.Invalid] < 1_000 {
		t.Errorf("lopsided: %v", seen)
	}
}

// streamedWith decides events one by one, closing keys whenever it can.
func streamedWith(m Model, events []history.Event, opts checker.Options) checker.Part {
	s := NewStream(m, opts)
	var pairing history.Pairing
	for i := range events {
		op, err := pairing.Add(&events[i])
		if err != nil {
			panic(err) // the simulation keeps the rules
		}
		s.limit = 0
		s.Add(&events[i], op)
	}
	return s.Finish(pairing.Pending())
}

// beginnings draw what an object holds at first: as the oracle has it, and as it is written.
var beginnings = map[string]func(*rand.Rand) ([]int64, history.Value){
	"fifo-queue": elementsAtFirst, "unordered-queue": elementsAtFirst, "stack": elementsAtFirst, "set": elementsAtFirst,
	"priority-queue": elementsAtFirst,
	"counter": func(rng *rand.Rand) ([]int64, history.Value) {
		n := rng.Int64N(9) - 4
		return []int64{n}, history.IntValue(n)
	},
	"mutex": func(*rand.Rand) ([]int64, history.Value) {
		locked, err := history.ParseEDN("true")
		if err != nil {
			panic(err)
		}
		return []int64{1}, locked
	},
	"kv": func(rng *rand.Rand) ([]int64, history.Value) {
		text := []int64{10 + rng.Int64N(3), 20 + rng.Int64N(2)}[:1+rng.IntN(2)]
		return text, letters(text)
	},
	"multi-register": func(rng *rand.Rand) ([]int64, history.Value) {
		n := 1 + rng.Int64N(3)
		if rng.IntN(2) == 0 {
			return []int64{n, n, n}, history.IntValue(n)
		}
		return []int64{n, 0, 2}, history.MapValue([2]history.Value{history.IntValue(0), history.IntValue(n)}, [2]history.Value{history.IntValue(2), history.IntValue(2)})
	},
}

func elementsAtFirst(rng *rand.Rand) ([]int64, history.Value) {
	held := []int64{3, 9, 1}[:1+rng.IntN(3)]
	return held, ints(held)
}

// So are the other models.
func TestInitialModelsAgreeWithDefinition(t *testing.T) {
	for i, o := range oracles() {
		t.Run(fmt.Sprint(i, o.model.Name()), func(t *testing.T) {
			var a agreement
			for seed := range uint64(1_500) {
				start, v := beginnings[o.model.Name()](rand.New(rand.NewPCG(seed, 12)))
				o.start = start
				m, err := o.model.Beginning(checker.InitialValue(v))
				if err != nil {
					t.Fatal(err)
				}
				ops := drawModel(&o, seed, 3+int(seed%7))
				if err := a.check(m, validity(o.linearizable(ops)), ops); err != nil {
					t.Fatalf("seed %d: beginning with %v: %v\n%s", seed, v, err, render(ops))
				}
			}
			t.Logf("%d valid, %d invalid, %d decided directly", a.valid, a.invalid, a.direct)
			if a.valid < 75 || a.invalid < 75 {
				t.Errorf("the histories are lopsided: %+v", a)
			}
		})
	}
}

// A map gives what each key holds at first, and a key that it does not name begins as the model says.
func TestInitialValuesOfKeys(t *testing.T) {
	read := func(key string, at int32, v history.Value) history.Operation {
		return history.Operation{F: "read", Key: key, Output: v, Outcome: history.OK, Invoked: at, Returned: at + 1}
	}
	ops := []history.Operation{read(":x", 0, history.IntValue(1)), read("y", 2, history.IntValue(2)), read("z", 4, history.NilValue())}
	i, err := checker.ParseInitial(`{:x 1, "y" 2}`)
	if err != nil {
		t.Fatal(err)
	}
	if part := Linearizable(Register(), ops, checker.Options{Initial: i}); part.Validity != checker.Valid {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
}

// What no object of a model can hold is refused.
func TestInitialValuesThatDoNotFit(t *testing.T) {
	for _, c := range []struct {
		model   Model
		initial string
		want    string
	}{
		{Counter(), "nil", "a counter does not begin with null"},
		{Counter(), "{:x \"a\"}", "key x: a counter"},
		{Set(), "3", "neither"},
		{FIFOQueue(), "#{1}", "is none"},
		{Stack(), "1", "is none"},
		{UnorderedQueue(), "1", "neither"},
		{Mutex(), "1", "true if it is locked"},
	} {
		i, err := checker.ParseInitial(c.initial)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.model.Beginning(i); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s beginning with %s: %v", c.model.Name(), c.initial, err)
		}
		part := Linearizable(c.model, []history.Operation{{F: c.model.functions[0], Key: "x", Outcome: history.Info}}, checker.Options{Initial: i})
		if part.Validity != checker.Unknown || !strings.Contains(part.Reason, c.want) {
			t.Errorf("%v: %s", part.Validity, part.Reason)
		}
	}
	for _, m := range Models() {
		if !m.Keyed() && m.Name() != "multi-register" || !slices.ContainsFunc([]string{"0", "[]", "true"}, func(text string) bool {
			i, err := checker.ParseInitial(text)
			if err == nil {
				_, err = m.Beginning(i)
			}
			return err == nil
		}) {
			t.Errorf("%s begins with nothing", m.Name())
		}
	}
}
