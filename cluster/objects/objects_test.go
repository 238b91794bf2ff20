package objects_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/history"
)

// What the types do, as a script.
func TestObjects(t *testing.T) {
	state, registers := objects.State{}, map[string]string{}
	position := uint64(0)
	datadriven.RunTest(t, "testdata/objects", func(t *testing.T, d *datadriven.TestData) string {
		var out strings.Builder
		for line := range strings.Lines(d.Input) {
			call, op := parse(t, line)
			switch {
			case d.Cmd == "check":
				fmt.Fprintln(&out, objects.Check(op))
				continue
			case objects.Check(op) != nil:
				t.Fatal(objects.Check(op))
			}
			position++
			call.Index = position
			if call.Name == ops.Txn {
				fmt.Fprintln(&out, position, shown(objects.Txn(registers, call)))
			} else {
				fmt.Fprintln(&out, position, shown(state.Call(call)))
			}
		}
		if d.Cmd == "encode" {
			return encoded(t, state) + "\n"
		}
		return out.String()
	})
}

func parse(t testing.TB, line string) (objects.Call, cluster.Op) {
	t.Helper()
	var client uint64
	var c objects.Call
	if _, err := fmt.Sscanf(line, "c%d %s %s", &client, &c.Name, &c.Key); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	c.Client = client
	if words := strings.SplitN(strings.TrimSpace(line), " ", 4); len(words) == 4 {
		c.Argument = words[3]
	}
	op := cluster.Op{F: c.Name}
	if object, f, typed := strings.Cut(c.Name, "."); typed {
		op.Object, op.F = object, f
	}
	if c.Argument != "" {
		op.Value = objects.Parsed(c.Argument)
	}
	return c, op
}

func shown(a objects.Answer) string {
	switch {
	case a.Failed:
		return history.PreconditionFailed
	case a.Value.Kind() == history.None:
		return "ok"
	default:
		return "ok " + a.Value.String()
	}
}

func encoded(t testing.TB, s objects.State) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A copy stays as it was, whatever becomes of the original, and one that was encoded and decoded goes on as the original does.
func TestCopies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := objects.State{}
		position := uint64(0)
		calls := func(states ...objects.State) {
			for range rapid.IntRange(0, 30).Draw(t, "calls") {
				position++
				c := drawCall(t, position)
				first := shown(state.Call(c))
				for _, s := range states {
					if again := shown(s.Call(c)); again != first {
						t.Fatalf("%v: %s here, %s there", c, first, again)
					}
				}
			}
		}
		calls()
		was := marshalled(t, state)
		copied := state.Clone()
		var decoded objects.State
		if err := json.Unmarshal([]byte(was), &decoded); err != nil {
			t.Fatal(err)
		}
		calls(decoded)
		if now := marshalled(t, copied); now != was {
			t.Fatalf("the copy was\n%s\nand is\n%s", was, now)
		}
		here, there := marshalled(t, state), marshalled(t, decoded)
		if here != there {
			t.Fatalf("decoded and changed alike:\n%s\n%s", here, there)
		}
	})
}

func marshalled(t *rapid.T, s objects.State) string {
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func drawCall(t *rapid.T, position uint64) objects.Call {
	c := objects.Call{Name: rapid.SampledFrom(objects.Ops()).Draw(t, "name"), Key: "k", Client: rapid.Uint64Range(1, 3).Draw(t, "client"), Index: position}
	n := rapid.Int64Range(0, 9).Draw(t, "n")
	switch c.Name {
	case ops.Of(ops.Bank, ops.Deposit):
		c.Argument = ops.Payment{To: n % 3, Amount: n}.Deposit().String()
	case ops.Of(ops.Bank, ops.Transfer):
		c.Argument = ops.Payment{From: n % 3, To: n % 2, Amount: n}.Transfer().String()
	case ops.Of(ops.Transaction, ops.Txn):
		key := fmt.Sprint("k", n%3)
		steps := []ops.Step{ops.AppendTo(key, history.IntValue(n)), ops.ScanOf("k"), ops.ReadOf("k0"), ops.WriteTo("k2", history.NilValue())}
		c.Argument = ops.EncodeSteps(steps[n%4:]).String()
	default:
		c.Argument = history.IntValue(n).String()
	}
	return c
}

// Adding an element and taking a copy of the set cost the same however many elements there are.
func BenchmarkAddAndCopy(b *testing.B) {
	for _, size := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			state := objects.State{}
			add := func(e int) {
				state.Call(objects.Call{Name: ops.Of(ops.Set, ops.Add), Key: "k", Argument: fmt.Sprint(e)})
			}
			for e := range size {
				add(e)
			}
			for e := size; b.Loop(); e++ {
				add(e)
				state.Clone()
			}
		})
	}
}
