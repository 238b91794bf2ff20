package datatypes

import (
	"errors"
	"fmt"

	"faultline/cluster/logical"
	"faultline/history"
)

// GCounter is a counter that only grows: how much each actor has added.
type GCounter struct {
	Added logical.Vector `json:"added,omitempty"`
}

func (c *GCounter) delta(u Update) (Content, []logical.Dot, error) {
	n, err := integer(u.Argument)
	if err == nil && n < 0 {
		err = errors.New("a counter that only grows takes nothing negative")
	}
	return &GCounter{c.plus(u.Node, n)}, nil, err
}

// plus is what an actor has added when it adds n more.
func (c *GCounter) plus(actor string, n int64) logical.Vector {
	if n <= 0 {
		return nil
	}
	return logical.Vector{actor: c.Added[actor] + uint64(n)}
}

// join takes the larger count of each actor, which includes the smaller one: an actor counts at one replica at a time.
func (c *GCounter) join(other Content, _, _ Dots) { c.merge(other.(*GCounter)) }

func (c *GCounter) merge(other *GCounter) {
	if len(other.Added) > 0 {
		c.Added = c.Added.Clone()
		c.Added.Merge(other.Added)
	}
}

func (c *GCounter) value() history.Value { return history.IntValue(c.count()) }

func (c *GCounter) count() (sum int64) {
	for _, n := range c.Added {
		sum += int64(n)
	}
	return sum
}

// PNCounter is a counter that also shrinks: two that grow.
type PNCounter struct {
	Plus  GCounter `json:"plus"`
	Minus GCounter `json:"minus"`
}

func (c *PNCounter) delta(u Update) (Content, []logical.Dot, error) {
	n, err := integer(u.Argument)
	return &PNCounter{GCounter{c.Plus.plus(u.Node, n)}, GCounter{c.Minus.plus(u.Node, -n)}}, nil, err
}

func (c *PNCounter) join(other Content, _, _ Dots) {
	c.Plus.merge(&other.(*PNCounter).Plus)
	c.Minus.merge(&other.(*PNCounter).Minus)
}

func (c *PNCounter) value() history.Value {
	return history.IntValue(c.Plus.count() - c.Minus.count())
}

// integer reads an argument that is one.
func integer(v history.Value) (int64, error) {
	n, ok := v.Int()
	if !ok {
		return 0, fmt.Errorf("it takes an integer, and not %q", v)
	}
	return n, nil
}

// integers are a list of them as a value.
func integers(all []int64) history.Value {
	list := make([]history.Value, len(all))
	for i, n := range all {
		list[i] = history.IntValue(n)
	}
	return history.ListValue(list...)
}

// pair reads an argument that is two integers.
func pair(v history.Value) (a, b int64, err error) {
	a, b, ok := v.Pair()
	if !ok {
		return 0, 0, fmt.Errorf("it takes a pair of integers, and not %q", v)
	}
	return a, b, nil
}

// mapping is a map of integers as a value.
func mapping(m map[int64]int64) history.Value {
	entries := make([][2]history.Value, 0, len(m))
	for key, value := range m {
		entries = append(entries, [2]history.Value{history.IntValue(key), history.IntValue(value)})
	}
	return history.MapValue(entries...) // which sorts them
}
