package history

import (
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// texts are strings that file formats get wrong, and others.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", `"`, `\`, "\n", "\r\n", "\t", "\x00", "\x1b[0m", "\x7f", "null", "1", "[1,2]", `{"events":0}`, "nemesis",
			"<script>&amp;", "\b\f\v\x1f", "\u2028\u2029", "\ufeff", "\ufffd", "𝄞", "é", "e\u0301", "\u202eabc", `\u0041`, "\\\"",
		}),
		rapid.String(),
	)
}

// literals are of every kind that only EDN knows.
var literals = []string{":x", ":a/b", ":true", "true", "sym", "+", "\\a", `\newline`, `\"`, `\\`, "1.5", "-0.0", "1e100", "##NaN", "1/2", "1.0M",
	"123456789012345678901234567890", "#inst \"2024\"", "#a.B{:x [1 2]}", "#a #b #{1}", `#"a\"b"`, `#object[x 0x1 "\n"]`}

// values are of every kind, nested at most so deep.
func values(depth int) *rapid.Generator[Value] {
	kinds := []*rapid.Generator[Value]{
		rapid.Just(NilValue()),
		rapid.Map(rapid.Int64(), IntValue),
		rapid.Map(texts(), TextValue),
		rapid.Custom(func(t *rapid.T) Value { return PairValue(rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")) }),
	}
	kinds = append(kinds, rapid.Map(rapid.SampledFrom(literals), func(s string) Value {
		v, err := ParseEDN(s)
		if err != nil {
			panic(err)
		}
		return v
	}))
	if depth > 0 {
		kinds = append(kinds, rapid.Custom(func(t *rapid.T) Value {
			return ListValue(rapid.SliceOfN(values(depth-1), 0, 4).Draw(t, "list")...)
		}), rapid.Custom(func(t *rapid.T) Value {
			return SetValue(rapid.SliceOfN(values(depth-1), 0, 4).Draw(t, "set")...)
		}), rapid.Custom(func(t *rapid.T) Value {
			keys := rapid.SliceOfN(values(depth-1), 0, 4).Draw(t, "keys")
			var entries [][2]Value
			for _, k := range keys {
				entries = append(entries, [2]Value{k, values(depth-1).Draw(t, "value")})
			}
			return MapValue(entries...)
		}))
	}
	return rapid.OneOf(kinds...)
}

// Every value has one form as JSON, and one as EDN, and is read back from both.
func TestValueRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := values(3).Draw(t, "v"), values(3).Draw(t, "w")
		read, err := ParseValue([]byte(v.String()))
		if err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		if !read.Equal(v) || read.Kind() != v.Kind() || read.String() != v.String() {
			t.Fatalf("%s was read back as %s", v, read)
		}
		if v.Equal(w) != (v.String() == w.String()) {
			t.Fatalf("%s and %s: equal %v", v, w, v.Equal(w))
		}
		edn := string(v.AppendEDN(nil))
		if read, err = ParseEDN(edn); err != nil || !read.Equal(v) || string(read.AppendEDN(nil)) != edn || strings.Contains(edn, "\n") {
			t.Fatalf("%s was read back as %s: %v", edn, read.AppendEDN(nil), err)
		}
	})
}

func TestValueAccessors(t *testing.T) {
	if n, ok := IntValue(-7).Int(); n != -7 || !ok {
		t.Errorf("Int() = %d, %v", n, ok)
	}
	if _, ok := NilValue().Int(); ok {
		t.Error("null is an integer")
	}
	if s, ok := TextValue("x").Text(); s != "x" || !ok {
		t.Errorf("Text() = %q, %v", s, ok)
	}
	if _, ok := IntValue(1).Text(); ok {
		t.Error("an integer is a text")
	}
	if a, b, ok := ListValue(IntValue(1), IntValue(2)).Pair(); a != 1 || b != 2 || !ok {
		t.Errorf("Pair() = %d, %d, %v", a, b, ok)
	}
	if vs, ok := PairValue(1, 2).List(); len(vs) != 2 || !vs[1].Equal(IntValue(2)) || !ok {
		t.Errorf("List() = %v, %v", vs, ok)
	}
	if _, ok := TextValue("x").List(); ok {
		t.Error("a text is a list")
	}
	if vs, ok := SetValue(IntValue(3), IntValue(1), IntValue(3)).Set(); len(vs) != 2 || !vs[0].Equal(IntValue(1)) || !ok {
		t.Errorf("Set() = %v, %v", vs, ok)
	}
	if entries, ok := MapValue([2]Value{IntValue(3), NilValue()}, [2]Value{IntValue(1), IntValue(7)}).Map(); len(entries) != 2 || !entries[0][1].Equal(IntValue(7)) || !ok {
		t.Errorf("Map() = %v, %v", entries, ok)
	}
	if _, ok := PairValue(1, 2).Set(); ok {
		t.Error("a pair is a set")
	}
	if _, ok := SetValue().Map(); ok {
		t.Error("a set is a map")
	}
	if _, ok := TextValue(":x").Literal(); ok {
		t.Error("a text is a literal")
	}
	var none Value
	if none.Kind() != None || none.String() != "" || none.Equal(NilValue()) {
		t.Errorf("the zero Value is %v %q", none.Kind(), none)
	}
}

// What a caller does to a slice does not change the value.
func TestValuesAreImmutable(t *testing.T) {
	given := []Value{IntValue(1), IntValue(2), IntValue(3)}
	v := ListValue(given...)
	given[0] = NilValue()
	got, _ := v.List()
	got[1] = NilValue()
	set := SetValue(given...)
	elements, _ := set.Set()
	elements[0] = IntValue(9)
	if set.String() != `{"set":[null,2,3]}` {
		t.Errorf("the set has become %s", set)
	}
	if v.String() != "[1,2,3]" {
		t.Errorf("the list has become %s", v)
	}
}

func TestElementsByNumber(t *testing.T) {
	for _, v := range []Value{{}, NilValue(), IntValue(1), PairValue(1, 2), ListValue(), ListValue(IntValue(1)), ListValue(NilValue(), TextValue("a"), IntValue(3)),
		SetValue(IntValue(2), IntValue(1)), MapValue([2]Value{TextValue("a"), IntValue(1)})} {
		n := 0
		for e := range v.Elements {
			if n >= v.Len() || !v.At(n).Equal(e) {
				t.Errorf("%v: element %d is not %v", v, n, e)
			}
			n++
		}
		if n != v.Len() {
			t.Errorf("%v has %d elements, not %d", v, n, v.Len())
		}
	}
}

func TestBytesOfValues(t *testing.T) {
	shape := int64(unsafe.Sizeof(shape{}))
	value := int64(unsafe.Sizeof(Value{}))
	three := ListValue(IntValue(1), IntValue(2), NilValue())
	for _, c := range []struct {
		value Value
		want  int64
	}{
		{Value{}, 0},
		{NilValue(), 0},
		{IntValue(7), 0},
		{ListValue(IntValue(1), IntValue(2)), 0}, // a pair
		{TextValue("four"), shape + 4},
		{three, shape + 3*value},
		{ListValue(three, TextValue("x"), IntValue(3)), shape + 3*value + shape + 3*value + shape + 1},
	} {
		if got := c.value.Bytes(); got != c.want {
			t.Errorf("%v holds %d bytes, want %d", c.value.Shown(), got, c.want)
		}
	}
}
