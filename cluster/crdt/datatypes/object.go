package datatypes

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// Object is the state of a replica of an object, or a delta. Equal states have equal JSON.
type Object struct {
	Type    string  `json:"type"` // as package ops calls it
	Seen    Dots    `json:"seen"` // the updates that it follows from
	Content Content `json:"content"`
}

// Update is an update of an object.
type Update struct {
	F string
	ops.Update
}

// Content is what an object of a type has in it.
type Content interface {
	// delta is what an update changes here: what it adds, and the updates whose effect it takes away. It changes nothing.
	delta(u Update) (adds Content, takes []logical.Dot, err error)
	// join makes the content the join of itself, which follows from the updates mine, and another, which follows from theirs. It does
	// not change the other.
	join(other Content, mine, theirs Dots)
	// value is what a client reads.
	value() history.Value
}

// dataTypes are the contents before the first update, by type, and the operations that they understand.
var dataTypes = map[string]struct {
	fresh   func() Content
	updates []string
}{
	ops.GCounter:    {func() Content { return &GCounter{} }, []string{ops.Add}},
	ops.PNCounter:   {func() Content { return &PNCounter{} }, []string{ops.Add}},
	ops.LWWRegister: {func() Content { return &LWWRegister{} }, []string{ops.Write}},
	ops.MVRegister:  {func() Content { return &MVRegister{} }, []string{ops.Write}},
	ops.TwoPhaseSet: {func() Content { return &TwoPhaseSet{} }, []string{ops.Add, ops.Remove}},
	ops.ORSet:       {func() Content { return &ORSet{} }, []string{ops.Add, ops.Remove}},
	ops.ORMap:       {func() Content { return &ORMap{} }, []string{ops.Put, ops.Remove}},
	ops.Text:        {func() Content { return NewText() }, []string{ops.Insert, ops.Delete}},
	ops.Tree:        {func() Content { return &Tree{} }, []string{ops.Move}},
}

// Ops are all operations by their names, in order.
func Ops() []string {
	var names []string
	for name, t := range dataTypes {
		for _, f := range append(t.updates, ops.Read) {
			names = append(names, ops.Of(name, f))
		}
	}
	return slices.Sorted(slices.Values(names))
}

// Types are the names of all types, in order.
func Types() []string { return slices.Sorted(maps.Keys(dataTypes)) }

// New returns an object of a type before its first update. The error says which types there are.
func New(name string) (*Object, error) {
	t, ok := dataTypes[name]
	if !ok {
		return nil, fmt.Errorf("there is no replicated data type %q; there are %v", name, Types())
	}
	return &Object{Type: name, Content: t.fresh()}, nil
}

// Delta is the delta of an update at this replica, which does not change. It is an error if the update cannot be made: its argument
// is not what its type takes, or the replica lacks what it was made in view of. An update that the replica has changes nothing, and one that two
// replicas make has the effect of one.
//
// Replicas that have joined the same deltas in any order have the same state. But Seen tells what is there only where deltas are joined after what
// they follow (the causal delta-merging condition of Almeida, Shoker and Baquero): a delta that takes something away has seen that, and not what that
// had taken away before.
func (o *Object) Delta(u Update) (*Object, error) {
	switch {
	case !slices.Contains(dataTypes[o.Type].updates, u.F):
		return nil, fmt.Errorf("%s has no update %q; it has %v", o.Type, u.F, dataTypes[o.Type].updates)
	case u.Context[u.Node] != u.N-1:
		return nil, fmt.Errorf("update %v has not seen all earlier ones of %s: it has seen %v", u.Dot, u.Node, u.Context)
	case !o.Seen.Vector.Contains(u.Context):
		return nil, fmt.Errorf("update %v has seen %v, and the replica only %v", u.Dot, u.Context, o.Seen.Vector)
	}
	if o.Seen.Includes(u.Dot) {
		return &Object{Type: o.Type, Content: dataTypes[o.Type].fresh()}, nil
	}
	adds, takes, err := o.Content.delta(u)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", u.F, o.Type, err)
	}
	return &Object{o.Type, DotsOf(append(takes, u.Dot)...), adds}, nil
}

// Join makes the state the least one that includes itself and another of the same type.
func (o *Object) Join(other *Object) {
	o.Content.join(other.Content, o.Seen, other.Seen)
	o.Seen.Merge(other.Seen)
}

// Value is what a client reads, see package ops.
func (o *Object) Value() history.Value { return o.Content.value() }

// Clone returns a copy that joins do not change.
func (o *Object) Clone() *Object {
	c := &Object{Type: o.Type, Content: dataTypes[o.Type].fresh()}
	c.Join(o)
	return c
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Object) UnmarshalJSON(b []byte) error {
	var parts struct {
		Type    string          `json:"type"`
		Seen    Dots            `json:"seen"`
		Content json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	fresh, err := New(parts.Type)
	if err != nil {
		return err
	}
	*o = *fresh
	o.Seen = parts.Seen
	return json.Unmarshal(parts.Content, o.Content)
}
