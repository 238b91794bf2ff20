package kv

import (
	"strings"
	"testing"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// TestOperations: what they do to a state, one after the other, and what the client learns.
func TestOperations(t *testing.T) {
	s := NewState()
	position := uint64(0)
	for _, step := range []struct {
		op   cluster.Op
		want cluster.Outcome
	}{
		{cluster.Op{F: "read", Key: "k"}, cluster.Outcome{Type: history.OK, Value: history.NilValue()}},
		{cluster.Op{F: "cas", Key: "k", Value: history.PairValue(1, 2)},
			cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed, Value: history.NilValue()}},
		{cluster.Op{F: "write", Key: "k", Value: history.IntValue(1), Padding: 100}, cluster.Outcome{Type: history.OK}},
		{cluster.Op{F: "read", Key: "k"}, cluster.Outcome{Type: history.OK, Value: history.IntValue(1)}},
		{cluster.Op{F: "read", Key: "other"}, cluster.Outcome{Type: history.OK, Value: history.NilValue()}},
		{cluster.Op{F: "cas", Key: "k", Value: history.PairValue(1, 2)}, cluster.Outcome{Type: history.OK}},
		{cluster.Op{F: "cas", Key: "k", Value: history.PairValue(1, 3)},
			cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed, Value: history.IntValue(2)}},
		{cluster.Op{F: "delete", Key: "k"}, cluster.Outcome{Type: history.OK}},
		{cluster.Op{F: "read", Key: "k"}, cluster.Outcome{Type: history.OK, Value: history.NilValue()}},
		{cluster.Op{Object: ops.Set, F: ops.Add, Key: "k", Value: history.IntValue(5)}, cluster.Outcome{Type: history.OK}},
		{cluster.Op{Object: ops.Set, F: ops.Read, Key: "k"}, cluster.Outcome{Type: history.OK, Value: history.ListValue(history.IntValue(5))}},
		{cluster.Op{Object: ops.Lock, F: ops.Acquire, Key: "k"}, cluster.Outcome{Type: history.OK, Value: history.IntValue(12)}},
		{cluster.Op{Object: ops.Lock, F: ops.Acquire, Key: "k"}, cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed}},
		{cluster.Op{F: ops.Txn, Key: "t", Value: ops.EncodeSteps([]ops.Step{ops.WriteTo("a", history.IntValue(1))})},
			cluster.Outcome{Type: history.OK, Value: ops.EncodeSteps([]ops.Step{ops.WriteTo("a", history.IntValue(1))})}},
		{cluster.Op{F: "read", Key: "t/a"}, cluster.Outcome{Type: history.OK, Value: history.IntValue(1)}},
	} {
		c, err := commandOf(step.op, 1)
		if err != nil {
			t.Fatal(err)
		}
		position++
		got := c.outcome(s.Apply(c, position))
		if got.Type != step.want.Type || got.Error != step.want.Error || got.Value.String() != step.want.Value.String() {
			t.Errorf("%s %v: %+v, want %+v", step.op.F, step.op.Value, got, step.want)
		}
	}
}

// TestACasTakesAPair: anything else is refused before anybody is asked.
func TestACasTakesAPair(t *testing.T) {
	_, err := commandOf(cluster.Op{F: "cas", Key: "k", Value: history.IntValue(1)}, 1)
	if want := "a cas takes a pair of values, not 1"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPaddingMakesValuesLarge(t *testing.T) {
	if c, _ := commandOf(cluster.Op{F: "write", Key: "k", Value: history.IntValue(1), Padding: 100}, 1); len(c.New) != 101 || strings.TrimSpace(c.New) != "1" {
		t.Errorf("%q", c.New)
	}
}
