package workloads

import (
	"strings"
	"testing"

	"faultline/checker"
	"faultline/checker/txn/models"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// transfers is a history of a bank with 10 in each of two accounts, of which a read finds so much.
func transfers(first, second int64) []history.Operation {
	pay := func(n int64, to int64) history.Operation {
		return history.Operation{Process: 1, F: ops.Deposit, Key: "k1", Input: ops.Payment{To: to, Amount: 10}.Deposit(), Outcome: history.OK,
			Invoke: 1, Return: 2, Invoked: int32(2 * n), Returned: int32(2*n + 1)}
	}
	found := history.MapValue([2]history.Value{history.IntValue(0), history.IntValue(first)}, [2]history.Value{history.IntValue(1), history.IntValue(second)})
	return []history.Operation{pay(0, 0), pay(1, 1),
		{Process: 2, F: ops.Read, Key: "k1", Output: found, Outcome: history.OK, Invoke: 10, Return: 11, Invoked: 4, Returned: 5}}
}

// A bank that does not add up is a violation where the level forbids read skew. Where it lets snapshots be old, a deposit may be missed.
func TestWhatALevelPermits(t *testing.T) {
	for _, c := range []struct {
		first, second int64
		models        string
		want          checker.Validity
		reason        string
	}{
		{10, 9, "", checker.Invalid, ""},
		{10, 9, models.StrictSerializable, checker.Invalid, ""},
		{10, 9, models.Serializable, checker.Invalid, ""},
		{10, 9, models.RepeatableRead, checker.Invalid, ""},
		{10, 9, models.ReadCommitted, checker.Valid, "1 wrong-total, which read-committed permits"},
		{10, 9, "read-committed,serializable", checker.Invalid, ""},
		{30, -10, models.ReadUncommitted, checker.Valid, "1 negative-value, which read-uncommitted permits"},
		{10, 0, models.StrictSerializable, checker.Invalid, ""},
		{10, 0, models.Serializable, checker.Valid, "1 read added up"},
	} {
		var o Options
		if c.models != "" {
			o.ConsistencyModels = strings.Split(c.models, ",")
		}
		in := checker.Input{Operations: transfers(c.first, c.second)}
		part := banks.Open(o).Checkers()[0].Check(t.Context(), in, checker.Options{})
		if part.Validity != c.want || c.want == checker.Valid && part.Reason != c.reason {
			t.Errorf("%d and %d at %q: %v: %s", c.first, c.second, c.models, part.Validity, part.Reason)
		}
	}
}

// Transactions are held to what the mode claims, unless the user says otherwise; to strict serializability if it claims no level of
// isolation; and registers to what they always are.
func TestWhatTransactionsAreHeldTo(t *testing.T) {
	for _, c := range []struct {
		workload, named, claims, want string
	}{
		{"bank", "", "snapshot-isolation", "snapshot-isolation"},
		{"bank", "", "PL-2", "read-committed"},
		{"bank", "serializable", "snapshot-isolation", "serializable"},
		{"bank", "", "linearizable", "strict-serializable"},
		{"bank", "", "", "strict-serializable"},
		{"register", "", "sequential", ""},
	} {
		w, _ := ByName(c.workload)
		var o Options
		if c.named != "" {
			o.ConsistencyModels = []string{c.named}
		}
		if got := strings.Join(o.In(cluster.Mode{Model: c.claims}, w).ConsistencyModels, ","); got != c.want {
			t.Errorf("%s in a mode that claims %q: held to %q, want %q", c.workload, c.claims, got, c.want)
		}
	}
}
