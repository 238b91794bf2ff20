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
	ints []int64 // instead of list where a List has integers alone, as most have that are long: a third of the bytes, and no pointers

	steps *[]Step // instead of list for transactions of logs by sessions
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
	return new(valueRoom).list(vs)
}

// SetValue is the set of the values given. Which of them come twice, and in what order, makes no difference.
func SetValue(vs ...Value) Value {
	v, _ := setOf(vs)
	return v
}

// setOf is SetValue; distinct says that none of them comes twice.
func setOf(vs []Value) (v Value, distinct bool) {
	sorted := slices.Clone(vs)
	slices.SortFunc(sorted, compareValues)
	sorted = slices.CompactFunc(sorted, Value.Equal)
	return Value{shape: &shape{kind: Set, list: sorted}}, len(sorted) == len(vs)
}

// MapValue is the map of the keys and values given. Of a key that comes twice, the last value counts.
func MapValue(entries ...[2]Value) Value {
	kvs := make([]Value, 0, 2*len(entries))
	for _, e := range entries {
		kvs = append(kvs, e[0], e[1])
	}
	v, _ := mapOf(kvs)
	return v
}

// mapOf is the map of keys that are each followed by their values; distinct says that none of them comes twice.
func mapOf(kvs []Value) (v Value, distinct bool) {
	sorted := byKey(slices.Clone(kvs))
	if !sort.IsSorted(sorted) {
		sort.Stable(sorted)
	}
	list := sorted[:0]
	for i := 0; i < len(sorted); i += 2 {
		if i+2 == len(sorted) || !sorted[i+2].Equal(sorted[i]) {
			list = append(list, sorted[i], sorted[i+1])
		}
	}
	return Value{shape: &shape{kind: Map, list: list}}, len(list) == len(kvs)
}

// byKey sorts keys that are each followed by their values.
type byKey []Value

func (s byKey) Len() int           { return len(s) / 2 }
func (s byKey) Less(i, j int) bool { return compareValues(s[2*i], s[2*j]) < 0 }
func (s byKey) Swap(i, j int) {
	s[2*i], s[2*i+1], s[2*j], s[2*j+1] = s[2*j], s[2*j+1], s[2*i], s[2*i+1]
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
	if v.Kind() != Pair && v.Kind() != List {
		return nil, false
	}
	return slices.AppendSeq(make([]Value, 0, v.Len()), v.Elements), true
}

// elements are those of a List that does not have integers alone. They may be its own.
func (v Value) elements() []Value {
	if v.shape.steps == nil {
		return v.shape.list
	}
	return slices.Collect(v.Elements)
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
	for _, n := range v.shape.ints {
		if !yield(IntValue(n)) {
			return
		}
	}
	for _, step := range v.Steps() {
		if !yield(step.value()) {
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
		return len(v.shape.list) + len(v.shape.ints) + len(v.Steps()) // the others are empty
	}
}

// At is one of the elements that Elements goes through, the first of which is number 0.
func (v Value) At(i int) Value {
	switch {
	case v.shape == &pairShape:
		return IntValue([...]int64{v.a, v.b}[i])
	case v.shape.ints != nil:
		return IntValue(v.shape.ints[i])
	case v.shape.steps != nil:
		return (*v.shape.steps)[i].value()
	default:
		return v.shape.list[i]
	}
}

// Ints returns the elements of a list that has integers alone and is no Pair; nil of others. The caller must not change them.
func (v Value) Ints() []int64 {
	if v.shape == nil {
		return nil
	}
	return v.shape.ints
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
		return v.shape == w.shape || slices.Equal(v.shape.ints, w.shape.ints) && sameElements(v, w)
	default:
		return true
	}
}

// sameElements compares two collections that are no lists of integers.
func sameElements(v, w Value) bool {
	if v.shape.steps == nil && w.shape.steps == nil {
		return slices.EqualFunc(v.shape.list, w.shape.list, Value.Equal)
	}
	if v.Len() != w.Len() {
		return false
	}
	for i := range v.Len() {
		if !v.At(i).Equal(w.At(i)) {
			return false
		}
	}
	return true
}

// compareValues puts values in the one order in which sets and maps keep them.
func compareValues(v, w Value) int {
	if c := cmp.Or(cmp.Compare(v.Kind(), w.Kind()), cmp.Compare(v.a, w.a), cmp.Compare(v.b, w.b)); c != 0 || v.shape == w.shape {
		return c
	}
	if c := cmp.Compare(v.shape.text, w.shape.text); c != 0 {
		return c
	}
	for i := range min(v.Len(), w.Len()) {
		if c := compareValues(v.At(i), w.At(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(v.Len(), w.Len())
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
		if len(v.Steps()) > 0 {
			deepest = 1
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
	held := int64(unsafe.Sizeof(*v.shape)) + int64(len(v.shape.text)) + int64(len(v.shape.list))*int64(unsafe.Sizeof(v)) +
		int64(len(v.shape.ints))*int64(unsafe.Sizeof(v.a)) + int64(len(v.Steps()))*int64(unsafe.Sizeof(Step{}))
	for _, e := range v.shape.list {
		held += e.Bytes()
	}
	return held
}
