package objects

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ID names an object: its type and its key. Two types have no key in common.
type ID struct{ Type, Key string }

// State has the objects of a store that were ever changed.
type State map[ID]Object

// Call carries out a call. One that is not known, as Check would have said, fails.
func (s State) Call(c Call) Answer {
	f, known := functions[c.Name]
	if !known {
		return refused
	}
	id := ID{f.kind.name, c.Key}
	object, there := s[id]
	if !there {
		object = f.kind.fresh()
	}
	if argument := c.argument(); f.queries(argument) {
		return object.(queried).query(f.f, argument)
	}
	if !there {
		s[id] = object
	}
	return object.change(f.f, c.argument(), c)
}

// Clone returns a copy that further calls do not change.
func (s State) Clone() State {
	if s == nil {
		return nil
	}
	copied := make(State, len(s))
	for id, object := range s {
		copied[id] = object.Clone()
	}
	return copied
}

// String is how an ID is encoded: "set/k1". No type has a slash in its name.
func (id ID) String() string { return id.Type + "/" + id.Key }

// IDs are those of the objects, sorted.
func (s State) IDs() []ID {
	return slices.SortedFunc(maps.Keys(s), func(a, b ID) int { return cmp.Compare(a.String(), b.String()) })
}

// MarshalJSON implements json.Marshaler. The same state has the same encoding.
func (s State) MarshalJSON() ([]byte, error) {
	named := make(map[string]Object, len(s))
	for id, object := range s {
		named[id.String()] = object
	}
	return json.Marshal(named) // which sorts by name
}

// Encode is the encoding of the state. Decode is its inverse.
func (s State) Encode() []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("objects: %v", err)) // all that objects hold can be encoded
	}
	return b
}

// Decode is the inverse of Encode.
func Decode(b []byte) (s State, err error) { return s, json.Unmarshal(b, &s) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *State) UnmarshalJSON(b []byte) error {
	var named map[string]json.RawMessage
	if err := json.Unmarshal(b, &named); err != nil {
		return err
	}
	*s = State{}
	for text, encoded := range named {
		id, object, err := decode(text, encoded)
		if err != nil {
			return fmt.Errorf("object %q: %w", text, err)
		}
		(*s)[id] = object
	}
	return nil
}

func decode(text string, encoded []byte) (ID, Object, error) {
	name, key, _ := strings.Cut(text, "/")
	for i := range kinds {
		if kinds[i].name == name {
			object := kinds[i].fresh()
			return ID{name, key}, object, object.UnmarshalJSON(encoded)
		}
	}
	return ID{}, nil, fmt.Errorf("there is no type %q", name)
}
