package ops

import (
	"fmt"
	"slices"

	"faultline/history"
)

// An application keeps the same data in several forms, such as in an index and in a cache. Each is a view. If they are derived from one log,
// each is what the log makes of a state that was empty, up to some record.
const (
	// UpdateViews gives a key a value in all views.
	//
	//	value   5, unique in the test; Op.Key is the key
	//	ok      a Record whose value is a Change, [17,["a",5]]: it is in the log, and in all views sooner or later. Without a log that all
	//	        views are derived from, the value is [null,["a",5]]
	//	fail    no view has it, and none will
	//	info    nobody knows; some may have it
	UpdateViews = "update"

	// View reads all that a view has, on the node near which the client is and on no other. Op.Key is the name of the view.
	//
	//	ok      a Derived, [18,{"map":[["a",5]]}]: how many records of the log it has applied, and what its keys have; null in place of
	//	        the number if there is no such log
	//	fail    the node did not answer
	View = "view"
)

// Updates is the log that all views are derived from. Its records are read by Fetch.
const Updates = "updates"

// Views are the names of the views.
var Views = []string{"index", "cache"}

// Change is what an update does: it gives a key a value.
type Change struct {
	Key   string
	Value history.Value
}

// Encode is the change as a value: [key, value].
func (c Change) Encode() history.Value { return history.ListValue(history.TextValue(c.Key), c.Value) }

// DecodeChange is the inverse of Change.Encode. The error says what the value is instead.
func DecodeChange(v history.Value) (Change, error) {
	parts, err := fields(v, 2, "a change")
	if err != nil {
		return Change{}, err
	}
	key, err := text(parts[0], "the key of a change")
	return Change{key, parts[1]}, err
}

// Derived is what a view has: the values of keys, and of how many records of the log they come; -1 if there is no log.
type Derived struct {
	Applied int64
	Values  map[string]history.Value
}

// Encode is the view as a value: [applied, map], with its keys in order.
func (d Derived) Encode() history.Value {
	var keys []string
	for key := range d.Values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var entries [][2]history.Value
	for _, key := range keys {
		entries = append(entries, [2]history.Value{history.TextValue(key), d.Values[key]})
	}
	applied := history.NilValue()
	if d.Applied >= 0 {
		applied = history.IntValue(d.Applied)
	}
	return history.ListValue(applied, history.MapValue(entries...))
}

// DecodeDerived is the inverse of Derived.Encode. The error says what the value is instead.
func DecodeDerived(v history.Value) (Derived, error) {
	d := Derived{Applied: -1, Values: map[string]history.Value{}}
	parts, err := fields(v, 2, "a view")
	if err != nil {
		return d, err
	}
	if parts[0].Kind() != history.Nil {
		if d.Applied, err = count(parts[0], "how much a view has applied"); err != nil {
			return d, err
		}
	}
	entries, ok := parts[1].Map()
	if !ok {
		return d, fmt.Errorf("what a view has is %s, which is not a map", shown(parts[1]))
	}
	for _, e := range entries {
		key, err := text(e[0], "a key of a view")
		if err != nil {
			return d, err
		}
		d.Values[key] = e[1]
	}
	return d, nil
}
