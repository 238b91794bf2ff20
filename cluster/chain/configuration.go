package chain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"faultline/cluster"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// configuration lists the nodes of the chain, from the head to the tail, in a numbered epoch.
type configuration struct {
	epoch uint64
	nodes []string
}

func (c configuration) String() string {
	return fmt.Sprintf("epoch %d: %s", c.epoch, strings.Join(c.nodes, " "))
}

func (c configuration) has(node string) bool { return slices.Contains(c.nodes, node) }

func (c configuration) head() string { return c.at(0) }
func (c configuration) tail() string { return c.at(len(c.nodes) - 1) }

// before and after are the neighbours of a node; empty for none.
func (c configuration) before(node string) string { return c.at(slices.Index(c.nodes, node) - 1) }

func (c configuration) after(node string) string {
	if i := slices.Index(c.nodes, node); i >= 0 {
		return c.at(i + 1)
	}
	return ""
}

func (c configuration) at(i int) string {
	if i < 0 || i >= len(c.nodes) {
		return ""
	}
	return c.nodes[i]
}

// without and with are the next configuration, which lacks a node, or has it as the tail.
func (c configuration) without(node string) configuration {
	return configuration{c.epoch + 1, slices.DeleteFunc(slices.Clone(c.nodes), func(n string) bool { return n == node })}
}

func (c configuration) with(node string) configuration {
	return configuration{c.epoch + 1, append(slices.Clone(c.nodes), node)}
}

// text is the configuration as it is stored and sent, and parse reads that.
func (c configuration) text() string {
	return fmt.Sprintf("%d %s", c.epoch, strings.Join(c.nodes, " "))
}

func parse(text string) (c configuration, err error) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return c, fmt.Errorf("a configuration is an epoch and nodes, not %q", text)
	}
	c.nodes = words[1:]
	c.epoch, err = strconv.ParseUint(words[0], 10, 64)
	return c, err
}

// master is a client of the store that decides the configuration.
type master struct {
	client kv.Client
	first  configuration // until another one is stored
}

const configurationKey = "chain"

func (r *replica) newMaster() master {
	return master{kv.Client{Client: rpc.NewClient(r.Host(), masterPort, r.Nodes(), r.Node(), r.config.Client)}, configuration{1, r.Nodes()}}
}

// current is the configuration at some instant of the call, and false if that cannot be known now.
func (m master) current() (configuration, bool) {
	out := m.client.Do(cluster.Op{F: "read", Key: configurationKey})
	if out.Type != history.OK {
		return configuration{}, false
	}
	if out.Value.Kind() == history.Nil {
		return m.first, true
	}
	text, _ := out.Value.Text()
	c, err := parse(text)
	return c, err == nil
}

// change puts a configuration in the place of another, and reports whether it certainly did: not if there is a third one.
func (m master) change(from, to configuration) bool {
	expected := history.TextValue(from.text())
	if from.epoch == m.first.epoch {
		expected = history.NilValue()
	}
	out := m.client.Do(cluster.Op{F: "cas", Key: configurationKey, Value: history.ListValue(expected, history.TextValue(to.text()))})
	return out.Type == history.OK
}
