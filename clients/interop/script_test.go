package interop

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

type opener func(foreign.Target) (cluster.Client, error)

// open returns a client of one server, which waits longer than any answer takes.
func open(t *testing.T, by opener, addr string, options map[string]string) cluster.Client {
	return openFor(t, by, addr, options, 5*time.Second)
}

// openFor returns a client of one server, with a time-out.
func openFor(t *testing.T, by opener, addr string, options map[string]string, timeout time.Duration) cluster.Client {
	return openWith(t, by, foreign.Target{Endpoints: []string{addr}, Node: "n1", Nodes: []string{"n1"}, Options: options, Timeout: timeout})
}

func openWith(t *testing.T, by opener, target foreign.Target) cluster.Client {
	c, err := by(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// play does the operations of a script: one a line, as the operation ("set.add" is one on a set), the key, the value as JSON, and padding=BYTES. The
// answers are those that a history has.
func play(t *testing.T, path string, c cluster.Client) {
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		for line := range strings.Lines(d.Input) {
			out := c.Do(parse(t, line))
			fmt.Fprintln(&b, strings.Join(strings.Fields(fmt.Sprintf("%v %v %s", out.Type, out.Value, out.Error)), " "))
		}
		return b.String()
	})
}

// object cuts a name such as "set.add" in two. Most operations are on no object.
func object(name string) (object, f string) {
	if object, f, there := strings.Cut(name, "."); there {
		return object, f
	}
	return "", name
}

func parse(t *testing.T, line string) (op cluster.Op) {
	for i, word := range strings.Fields(line) {
		var err error
		padding, padded := strings.CutPrefix(word, "padding=")
		switch {
		case i == 0:
			op.Object, op.F = object(word)
		case i == 1:
			op.Key = strings.Trim(word, `"`) // "" is the empty key
		case padded:
			op.Padding, err = strconv.Atoi(padding)
		default:
			op.Value, err = history.ParseValue([]byte(word))
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	return op
}
