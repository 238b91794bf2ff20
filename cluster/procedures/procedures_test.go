package procedures_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/procedures"
	"faultline/history"
)

// What each operation does in which steps, as a script. The first line of a case says how the steps and the commit end, in their order,
// if not with ok.
func TestProcedures(t *testing.T) {
	store := &client{values: map[string]history.Value{}}
	datadriven.RunTest(t, "testdata/procedures", func(t *testing.T, d *datadriven.TestData) string {
		store.done, store.endings = nil, nil
		for _, arg := range d.CmdArgs {
			store.endings = append(store.endings, arg.Key)
		}
		words := strings.SplitN(d.Input, " ", 3)
		op := cluster.Op{F: words[0], Key: words[1]}
		if object, f, typed := strings.Cut(op.F, "."); typed {
			op.Object, op.F = object, f
		}
		if len(words) == 3 {
			op.Value = parsed(t, words[2])
		}
		out := procedures.Do(store, op)
		shown := fmt.Sprintf("%s\n%v", strings.Join(store.done, "\n"), out.Type)
		if out.Value.Kind() != history.None {
			shown += " " + out.Value.String()
		}
		if out.Error != "" {
			shown += ": " + out.Error
		}
		if out.Over {
			shown += ", and over"
		}
		return shown + "\n"
	})
}

func parsed(t *testing.T, text string) history.Value {
	t.Helper()
	v, err := history.ParseValue([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// client is a store that one client has for itself. What is written is there at once.
type client struct {
	cluster.Client
	values  map[string]history.Value
	endings []string // how the next calls end; ok for those that it does not say
	done    []string
}

// Begin implements cluster.Interactive.
func (c *client) Begin(o cluster.TransactionOptions) cluster.Transaction {
	if o.ReadOnly {
		c.done = append(c.done, "read only")
	}
	return c
}

func (c *client) end(what string) cluster.Outcome {
	out := cluster.Outcome{Type: history.OK}
	if len(c.endings) > 0 {
		switch ending := c.endings[0]; ending {
		case "fail":
			out = cluster.Outcome{Type: history.Fail, Error: "deadlock"}
		case "info":
			out = cluster.Outcome{Type: history.Info, Error: "timeout"}
		}
		c.endings = c.endings[1:]
	}
	c.done = append(c.done, fmt.Sprintf("%s %v", what, out.Type))
	return out
}

// Step implements cluster.Transaction.
func (c *client) Step(s ops.Step) cluster.Outcome {
	out := c.end(s.Encode().String())
	switch {
	case out.Type != history.OK:
	case s.Kind == ops.WriteStep:
		c.values[s.Key] = s.Value
	case s.Kind == ops.ReadStep:
		out.Value = history.NilValue()
		if v, there := c.values[s.Key]; there {
			out.Value = v
		}
	case s.Kind == ops.ScanStep:
		var found [][2]history.Value
		for _, key := range slices.Sorted(maps.Keys(c.values)) {
			if strings.HasPrefix(key, s.Key) {
				found = append(found, [2]history.Value{history.TextValue(key), c.values[key]})
			}
		}
		out.Value = history.MapValue(found...)
	}
	return out
}

// Commit implements cluster.Transaction.
func (c *client) Commit() cluster.Outcome { return c.end("commit") }

// Rollback implements cluster.Transaction.
func (c *client) Rollback() cluster.Outcome { return c.end("rollback") }
