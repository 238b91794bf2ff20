package history

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unsafe"
)

// Kind says what a Value holds.
type Kind uint8

const (
	None Kind = iota // no value at all: the zero Value
	Nil              // the absence of a value, as read from a register that was never written
	Int
	Pair // two integers, such as the expected and the new value of a cas
	Text
	List
	Set     // values in no order, none of them twice
	Map     // keys with their values, in no order
	Literal // what else Jepsen's histories hold, as its text in EDN: :keyword, true, 1.5, #tag [form]
)

// Value is the argument or the result of an operation. The zero Value is None. Values are immutable.
// Integers and pairs of them, which are nearly all values there are, need no allocation, and their 24
// bytes are what histories in memory are mostly made of.
type Value struct {
	a, b  int64
	shape *shape // nil for None
}

// shape is the kind of a value, and the rest of it where two integers do not do.
type shape struct {
	kind Kind
	text string
	list []Value // the elements in order; for a Map each key followed by its value
}

// The values of these kinds share their shapes.
var (
	nilShape  = shape{kind: Nil}
	intShape  = shape{kind: Int}
	pairShape = shape{kind: Pair}
)

// NilValue is what reading an unwritten register returns.
func NilValue() Value { return Value{shape: &nilShape} }

// IntValue is an integer.
func IntValue(n int64) Value { return Value{shape: &intShape, a: n} }

// PairValue is two integers in order.
func PairValue(a, b int64) Value { return Value{shape: &pairShape, a: a, b: b} }

// TextValue is a string, which must be UTF-8 to be written. Bytes that are something else can be spelled in hexadecimal.
func TextValue(s string) Value { return Value{shape: &shape{kind: Text, text: s}} }

// ListValue is a sequence of values. Two integers are a Pair, so that a list has one form only.
func ListValue(vs ...Value) Value {
	if len(vs) == 2 && vs[0].Kind() == Int && vs[1].Kind() == Int {
		return PairValue(vs[0].a, vs[1].a)
	}
	return Value{shape: &shape{kind: List, list: slices.Clone(vs)}}
}

// SetValue is the set of the values given. Which of them come twice, and in what order, makes no difference.
func SetValue(vs ...Value) Value {
	sorted := slices.SortedFunc(slices.Values(vs), compareValues)
	return Value{shape: &shape{kind: Set, list: slices.CompactFunc(sorted, Value.Equal)}}
}

// MapValue is the map of the keys and values given. Of a key that comes twice, the last value counts.
func MapValue(entries ...[2]Value) Value {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b [2]Value) int { return compareValues(a[0], b[0]) })
	list := make([]Value, 0, 2*len(sorted))
	for i, e := range sorted {
		if i+1 == len(sorted) || !sorted[i+1][0].Equal(e[0]) {
			list = append(list, e[0], e[1])
		}
	}
	return Value{shape: &shape{kind: Map, list: list}}
}

// literalValue is text that the EDN reader has brought into its one form, nested so deep.
func literalValue(text string, depth int) Value {
	return Value{shape: &shape{kind: Literal, text: text}, a: int64(depth)}
}

// Kind tells what v holds.
func (v Value) Kind() Kind {
	if v.shape == nil {
		return None
	}
	return v.shape.kind
}

// Int returns the integer, if v is one.
func (v Value) Int() (n int64, ok bool) { return v.a, v.shape == &intShape }

// Pair returns both integers, if v is a pair.
func (v Value) Pair() (a, b int64, ok bool) { return v.a, v.b, v.shape == &pairShape }

// Text returns the string, if v is one.
func (v Value) Text() (s string, ok bool) {
	if v.Kind() != Text {
		return "", false
	}
	return v.shape.text, true
}

// List returns the elements of a list or a pair.
func (v Value) List() (vs []Value, ok bool) {
	switch v.Kind() {
	case Pair:
		return []Value{IntValue(v.a), IntValue(v.b)}, true
	case List:
		return slices.Clone(v.shape.list), true
	default:
		return nil, false
	}
}

// Elements goes through the elements of a list, a pair or a set, or through the keys and values of a map by turns. It copies nothing.
func (v Value) Elements(yield func(Value) bool) {
	if v.Kind() == Pair {
		_ = yield(IntValue(v.a)) && yield(IntValue(v.b))
		return
	}
	if v.Kind() == None {
		return
	}
	for _, e := range v.shape.list {
		if !yield(e) {
			return
		}
	}
}

// Len is how many elements Elements goes through.
func (v Value) Len() int {
	switch {
	case v.shape == &pairShape:
		return 2
	case v.shape == nil:
		return 0
	default:
		return len(v.shape.list)
	}
}

// At is one of the elements that Elements goes through, the first of which is number 0.
func (v Value) At(i int) Value {
	if v.shape == &pairShape {
		return IntValue([...]int64{v.a, v.b}[i])
	}
	return v.shape.list[i]
}

// Set returns the elements of a set, each once and in the order of a sort.
func (v Value) Set() (vs []Value, ok bool) {
	if v.Kind() != Set {
		return nil, false
	}
	return slices.Clone(v.shape.list), true
}

// Map returns the entries of a map, sorted by key.
func (v Value) Map() (entries [][2]Value, ok bool) {
	if v.Kind() != Map {
		return nil, false
	}
	for kv := range slices.Chunk(v.shape.list, 2) {
		entries = append(entries, [2]Value{kv[0], kv[1]})
	}
	return entries, true
}

// get returns what a map holds under a key.
func (v Value) get(key Value) (held Value, ok bool) {
	kvs := v.shape.list
	i, ok := sort.Find(len(kvs)/2, func(i int) int { return compareValues(key, kvs[2*i]) })
	if !ok {
		return Value{}, false
	}
	return kvs[2*i+1], true
}

// Literal returns the EDN text of a literal, such as :read. ParseEDN is its inverse.
func (v Value) Literal() (edn string, ok bool) {
	if v.Kind() != Literal {
		return "", false
	}
	return v.shape.text, true
}

// Word is what a text says, or a keyword without its colon; empty for others. Tools that write JSON have texts where Jepsen has keywords.
func (v Value) Word() string {
	if s, ok := v.Text(); ok {
		return s
	}
	if s, ok := v.Literal(); ok && len(s) > 1 && s[0] == ':' {
		return s[1:]
	}
	return ""
}

// Shown is the value for people: as JSON, or as EDN where JSON has no words for it.
func (v Value) Shown() string {
	json := v.String()
	if strings.Contains(json, `{"`) { // in a text the quotes are escaped
		return string(v.AppendEDN(nil))
	}
	return json
}

// Equal reports whether v and w hold the same.
func (v Value) Equal(w Value) bool {
	if v.Kind() != w.Kind() || v.a != w.a || v.b != w.b {
		return false
	}
	switch v.Kind() {
	case Text, Literal:
		return v.shape.text == w.shape.text
	case List, Set, Map:
		return slices.EqualFunc(v.shape.list, w.shape.list, Value.Equal)
	default:
		return true
	}
}

// compareValues puts values in the one order in which sets and maps keep them.
func compareValues(v, w Value) int {
	if c := cmp.Or(cmp.Compare(v.Kind(), w.Kind()), cmp.Compare(v.a, w.a), cmp.Compare(v.b, w.b)); c != 0 || v.shape == w.shape {
		return c
	}
	return cmp.Or(cmp.Compare(v.shape.text, w.shape.text), slices.CompareFunc(v.shape.list, w.shape.list, compareValues))
}

// depth is how deep lists and sets nest in v. The entries of a map are lists in a list.
func (v Value) depth() int {
	switch v.Kind() {
	case Pair:
		return 1
	case Literal:
		return int(v.a)
	case List, Set, Map:
		deepest := 0
		for _, e := range v.shape.list {
			deepest = max(deepest, e.depth())
		}
		if v.Kind() == Map {
			deepest++
		}
		return 1 + deepest
	default:
		return 0
	}
}

// Bytes is what v holds in memory, apart from the Value itself.
func (v Value) Bytes() int64 {
	switch v.Kind() {
	case Text, List, Set, Map, Literal:
	default:
		return 0 // these share their shapes
	}
	held := int64(unsafe.Sizeof(*v.shape)) + int64(len(v.shape.text)) + int64(len(v.shape.list))*int64(unsafe.Sizeof(v))
	for _, e := range v.shape.list {
		held += e.Bytes()
	}
	return held
}
