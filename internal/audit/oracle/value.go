package oracle

import (
	"slices"
	"strconv"
	"strings"
)

// Kind says what a Value holds.
type Kind uint8

const (
	None Kind = iota // no value at all: the zero Value
	Nil
	Int
	Text
	List
	Set
	Map
	Other // an atom that the oracle does not look into, such as a keyword
)

// Value is an argument or a result. Two values are equal exactly if their canonical texts are.
type Value struct {
	kind  Kind
	canon string
	items []Value // of a list or a set; of a map the keys and values in turn
}

// NilValue is the absence of a value that a read of an empty register returns.
func NilValue() Value { return Value{kind: Nil, canon: "nil"} }

// IntValue is an integer.
func IntValue(n int) Value { return Value{kind: Int, canon: strconv.Itoa(n)} }

// TextValue is a string.
func TextValue(s string) Value { return Value{kind: Text, canon: strconv.Quote(s)} }

// OtherValue is an atom, spelled as in EDN.
func OtherValue(edn string) Value { return Value{kind: Other, canon: edn} }

// ListValue is a sequence.
func ListValue(items ...Value) Value {
	return Value{kind: List, canon: "[" + join(items) + "]", items: items}
}

// SetValue holds each of the items once.
func SetValue(items ...Value) Value {
	items = slices.Clone(items)
	slices.SortFunc(items, compare)
	items = slices.CompactFunc(items, Value.Equal)
	return Value{kind: Set, canon: "#{" + join(items) + "}", items: items}
}

// MapValue is the map of the keys and values, which come in turn. No key may come twice.
func MapValue(entries ...Value) Value {
	var pairs [][2]Value
	for i := 0; i < len(entries); i += 2 {
		pairs = append(pairs, [2]Value{entries[i], entries[i+1]})
	}
	slices.SortFunc(pairs, func(a, b [2]Value) int { return compare(a[0], b[0]) })
	sorted := make([]Value, 0, len(entries))
	for _, p := range pairs {
		sorted = append(sorted, p[0], p[1])
	}
	return Value{kind: Map, canon: "{" + join(sorted) + "}", items: sorted}
}

// Kind tells what v holds.
func (v Value) Kind() Kind { return v.kind }

// Items are the elements of a list or a set, and of a map its keys and values in turn.
func (v Value) Items() []Value { return v.items }

// Equal reports whether both hold the same.
func (v Value) Equal(w Value) bool { return v.canon == w.canon }

// String is the canonical text, which is EDN on one line.
func (v Value) String() string { return v.canon }

// Text is the content of a string.
func (v Value) Text() string {
	s, err := strconv.Unquote(v.canon)
	if err != nil {
		panic("oracle: " + v.canon + " is no string")
	}
	return s
}

// Int is the integer.
func (v Value) Int() int {
	n, err := strconv.Atoi(v.canon)
	if err != nil {
		panic("oracle: " + v.canon + " is no integer")
	}
	return n
}

func compare(v, w Value) int { return strings.Compare(v.canon, w.canon) }

func join(vs []Value) string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.canon
	}
	return strings.Join(texts, " ")
}
