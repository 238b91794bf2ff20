package objects

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"faultline/cluster/ops"
	"faultline/history"
)

// keyspace has the keys that transactions on the whole store read and write, each as JSON. A transaction is one call, so it is
// strictly serializable.
type keyspace struct {
	values map[string]string
	sorted []string // the keys
}

var transactions = kind{name: ops.Transaction, changes: []string{ops.Txn}, asks: onlyReads, check: checkTransaction,
	fresh: func() Object { return &keyspace{values: map[string]string{}} }}

func checkTransaction(_ string, argument history.Value) error {
	_, err := ops.DecodeSteps(argument)
	return err
}

func (k *keyspace) change(_ string, argument history.Value, _ Call) Answer {
	pending := changes{base: k, values: map[string]history.Value{}}
	a := pending.run(argument)
	if !a.Failed {
		pending.apply()
	}
	return a
}

func (k *keyspace) query(_ string, argument history.Value) Answer {
	return (&changes{base: k}).run(argument)
}

// value is what a key has; Nil if it is not there.
func (k *keyspace) value(key string) history.Value {
	held, there := k.values[key]
	if !there {
		return history.NilValue()
	}
	return Parsed(held)
}

// set gives a key a value, or with Nil deletes it.
func (k *keyspace) set(key string, v history.Value) {
	i, there := slices.BinarySearch(k.sorted, key)
	switch gone := v.Kind() == history.Nil; {
	case gone && there:
		delete(k.values, key)
		k.sorted = slices.Delete(k.sorted, i, i+1)
		return
	case gone:
		return
	case !there:
		k.sorted = slices.Insert(k.sorted, i, key)
	}
	k.values[key] = v.String()
}

// changes are what a transaction has written so far. It sees them itself.
type changes struct {
	base   *keyspace
	values map[string]history.Value
}

// run does the steps of a transaction. It fails as a whole if one appends to what is no list.
func (c *changes) run(argument history.Value) Answer {
	steps, err := ops.DecodeSteps(argument)
	if err != nil {
		return refused
	}
	for i, step := range steps {
		switch step.Kind {
		case ops.ReadStep:
			steps[i].Value = c.value(step.Key)
		case ops.WriteStep:
			c.values[step.Key] = step.Value
		case ops.AppendStep:
			list, isList := c.value(step.Key).List()
			if !isList && c.value(step.Key).Kind() != history.Nil {
				return refused
			}
			c.values[step.Key] = history.ListValue(append(list, step.Value)...)
		case ops.ScanStep:
			steps[i].Value = c.scan(step.Key)
		}
	}
	return answer(ops.EncodeSteps(steps))
}

func (c *changes) value(key string) history.Value {
	if v, written := c.values[key]; written {
		return v
	}
	return c.base.value(key)
}

// scan is a map of the keys that begin with a prefix and are there.
func (c *changes) scan(prefix string) history.Value {
	var entries [][2]history.Value
	add := func(key string) {
		if v := c.value(key); v.Kind() != history.Nil {
			entries = append(entries, [2]history.Value{history.TextValue(key), v})
		}
	}
	first, _ := slices.BinarySearch(c.base.sorted, prefix)
	for _, key := range c.base.sorted[first:] {
		if !strings.HasPrefix(key, prefix) {
			break
		}
		add(key)
	}
	for key := range c.values {
		if strings.HasPrefix(key, prefix) {
			add(key)
		}
	}
	return history.MapValue(entries...) // which sorts them, and has none of them twice
}

func (c *changes) apply() {
	for key, v := range c.values {
		c.base.set(key, v)
	}
}

// Clone implements Object. Unlike that of other objects the copy takes time that grows with the number of keys.
func (k *keyspace) Clone() Object { return &keyspace{maps.Clone(k.values), slices.Clone(k.sorted)} }

// MarshalJSON implements json.Marshaler.
func (k *keyspace) MarshalJSON() ([]byte, error) { return json.Marshal(k.values) }

// UnmarshalJSON implements json.Unmarshaler.
func (k *keyspace) UnmarshalJSON(b []byte) error {
	err := json.Unmarshal(b, &k.values)
	k.sorted = slices.Sorted(maps.Keys(k.values))
	return err
}

// Transact does a transaction on keys and values that a store has read elsewhere, all that the steps are about. It returns the answer and
// what is to be written, Nil for a key that is to be deleted; false if a step appends to what is no list.
func Transact(values map[string]history.Value, argument history.Value) (answer history.Value, written map[string]history.Value, ok bool) {
	k := transactions.fresh().(*keyspace)
	for key, v := range values {
		k.set(key, v)
	}
	pending := changes{base: k, values: map[string]history.Value{}}
	a := pending.run(argument)
	return a.Value, pending.values, !a.Failed
}
