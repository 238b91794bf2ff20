package checker

import (
	"fmt"
	"slices"
	"strings"

	"faultline/history"
)

// Initial is what the objects of a history hold before its first operation. The zero value leaves that to the model.
//
// A map gives the values by name: those of the registers of a multi-register, and those of the keys of a history for any other
// model. Any other value is what every object holds. Names are compared by their text, so that :x, "x" and x are one name.
type Initial struct {
	value  history.Value
	byName map[string]history.Value
}

// InitialValue makes an Initial of a value; None is the zero Initial.
func InitialValue(v history.Value) Initial {
	i := Initial{value: v}
	entries, ok := v.Map()
	if !ok {
		return i
	}
	i.byName = make(map[string]history.Value, len(entries))
	for _, e := range entries {
		i.byName[nameOf(e[0])] = e[1]
	}
	return i
}

// ParseInitial reads an Initial from JSON, or from EDN if it is not JSON: 0, [1,2], {"x":0}, {:x 0}.
func ParseInitial(text string) (Initial, error) {
	v, notJSON := history.ParseJSON(text)
	if notJSON != nil {
		var notEDN error
		if v, notEDN = history.ParseEDN(text); notEDN != nil {
			return Initial{}, fmt.Errorf("initial value %s is neither JSON nor EDN: as JSON, %w; as EDN, %w", clip(text), notJSON, notEDN)
		}
	}
	i := InitialValue(v)
	if entries, ok := v.Map(); ok && len(i.byName) < len(entries) {
		return Initial{}, fmt.Errorf("initial value %s has a name twice", clip(text))
	}
	return i, nil
}

// Given reports whether it says anything.
func (i Initial) Given() bool { return i.value.Kind() != history.None }

// Named reports whether it is a map, with a value for each name.
func (i Initial) Named() bool { return i.byName != nil }

// Names lists the names, sorted.
func (i Initial) Names() []string {
	names := make([]string, 0, len(i.byName))
	for name := range i.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Of is the value under a name, None if it leaves that to the model.
func (i Initial) Of(name string) history.Value {
	if i.byName == nil {
		return i.value
	}
	return i.byName[strings.TrimPrefix(name, ":")]
}

// Under is Of for a name that is a value.
func (i Initial) Under(name history.Value) history.Value { return i.Of(nameOf(name)) }

// For is what is left of it for the object of a name.
func (i Initial) For(name history.Value) Initial { return Initial{value: i.Under(name)} }

// String is the value as EDN; empty for the zero value.
func (i Initial) String() string {
	if !i.Given() {
		return ""
	}
	return string(i.value.AppendEDN(nil))
}

// nameOf is the text of a name: keywords without their colon, strings as they are, others as EDN.
func nameOf(v history.Value) string {
	if text, ok := v.Text(); ok {
		return strings.TrimPrefix(text, ":")
	}
	return strings.TrimPrefix(string(v.AppendEDN(nil)), ":")
}
