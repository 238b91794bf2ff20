package history

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// drawEDN draws values in all the ways in which they are printed, and some that are none.
func drawEDN(t *rapid.T, depth int) string {
	words := []string{"nil", "true", "0", "7", "-3", "-0", "+4", "007", "12N", "123456789012345678", "1234567890123456789", "-9223372036854775808", "99999999999999999999", "1.5", "2e3",
		"1/2", "0x1f", `"a b"`, `"é"`, `"\n"`, `""`, ":k", ":é", ":", "->", "-", "a/b", `\a`, `\newline`, "#_ 1 2", "#tag 1", `#"x"`, "##Inf", "; c\n", "]", "}", ")", `"`, "12x", "#inst \"x\"",
		"\x01", "a\x01b", ":a\x7f", "\xff", "[" + strings.Repeat("1 ", 40) + "]", strings.Repeat("[", 20) + strings.Repeat("]", 20)}
	if depth == 0 || rapid.Bool().Draw(t, "flat") {
		if rapid.IntRange(0, 3).Draw(t, "odd") > 0 {
			return rapid.SampledFrom(words[:8]).Draw(t, "word")
		}
		return rapid.SampledFrom(words).Draw(t, "word")
	}
	between := rapid.SampledFrom([]string{" ", " ", ", ", ",", "  ", "\n", " ; x\n", "\t"}).Draw(t, "between")
	var elements []string
	for range rapid.IntRange(0, 4).Draw(t, "elements") {
		elements = append(elements, drawEDN(t, depth-1))
	}
	in := strings.Join(elements, between)
	switch rapid.IntRange(0, 5).Draw(t, "collection") {
	case 0:
		return "{" + in + "}"
	case 1:
		return "#{" + in + "}"
	case 2:
		return "(" + in + ")"
	case 3:
		return "(list " + in + ")"
	default:
		return "[" + in + "]"
	}
}

// drawOperation draws a map that may be an operation.
func drawOperation(t *rapid.T) string {
	names := []string{":index", ":time", ":type", ":process", ":f", ":value"}
	if rapid.IntRange(0, 3).Draw(t, "odd") == 0 {
		names = append(names, ":error", ":key", ":node", ":log-index", ":final?", ":other", ":faultline/found", ":faultline/no-value", "name", `"text"`, ":value", ":time")
		names = rapid.Permutation(names).Draw(t, "names")[:rapid.IntRange(0, len(names)).Draw(t, "fields")]
	}
	var fields []string
	for _, name := range names {
		value := ""
		switch name {
		case ":type":
			value = rapid.SampledFrom([]string{":invoke", ":ok", ":fail", ":info", ":invoke", ":other", "ok", `"ok"`}).Draw(t, "type")
		case ":f":
			value = rapid.SampledFrom([]string{":read", ":write", ":txn", "read", `"r"`, "nil", ":"}).Draw(t, "f")
		case ":process":
			value = rapid.SampledFrom([]string{"0", "1", "2", ":nemesis", "2147483648", "-1", `"n"`}).Draw(t, "process")
		case ":time", ":index":
			value = rapid.SampledFrom([]string{"0", "1", "12345", "-1", "nil", ":x"}).Draw(t, "number")
		default:
			value = drawEDN(t, 3)
		}
		fields = append(fields, name+rapid.SampledFrom([]string{" ", " ", " ", "  ", "\t", "\n", ","}).Draw(t, "space")+value)
	}
	tag := rapid.SampledFrom([]string{"", "", "", "#jepsen.history.Op", "#jepsen.history.Op ", "#"}).Draw(t, "tag")
	return tag + "{" + strings.Join(fields, rapid.SampledFrom([]string{", ", " ", "\n"}).Draw(t, "between")) + "}"
}

// An operation that is read as a plain one is what the parser makes of it, to the last field; and what is wrong is told in the same words, with
// the same place. A reader that gets a byte at a time has no plain operations.
func TestPlainOperationsAreReadAsOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file strings.Builder
		file.WriteString(rapid.SampledFrom([]string{"", "[", "; head\n"}).Draw(t, "begin"))
		for range rapid.IntRange(1, 4).Draw(t, "operations") {
			file.WriteString(drawOperation(t) + rapid.SampledFrom([]string{"\n", "\r\n", " ", ""}).Draw(t, "end"))
		}
		text := []byte(file.String())
		if len(text) > 0 && rapid.IntRange(0, 4).Draw(t, "cut") == 0 {
			text = text[:rapid.IntRange(0, len(text)).Draw(t, "at")]
		}
		sameInPieces(t, EDN, text)
	})
}

// sameInPieces holds what is read of a file to what is read of it when it comes in pieces, of which no operation is plain.
func sameInPieces(t interface{ Fatalf(string, ...any) }, f Format, text []byte) {
	whole, pieces := newRecords(f, bytes.NewReader(text)), newRecords(f, iotest.OneByteReader(bytes.NewReader(text)))
	for {
		var a, b record
		errA, errB := whole.next(&a), pieces.next(&b)
		if fmt.Sprint(errA) != fmt.Sprint(errB) {
			t.Fatalf("%q: %v, and in pieces %v", text, errA, errB)
		}
		if errA != nil {
			return
		}
		if !sameRecord(a, b) {
			t.Fatalf("%q: %+v, and in pieces %+v", text, a, b)
		}
	}
}

func sameRecord(a, b record) bool {
	same := sameEvent(a.Event, b.Event) && a.found.Equal(b.found)
	a.Event, b.Event, a.found, b.found = Event{}, Event{}, Value{}, Value{}
	return same && a == b
}

// A value nests as deep in a plain operation as in any other, wherever in it a map is.
func TestPlainOperationsNestNoDeeper(t *testing.T) {
	for _, field := range []string{":value", ":other"} {
		for lists := range deepestPlain + 2 {
			for _, below := range []int{1, maxDepth} {
				value := strings.Repeat("[", lists) + "{1 " + strings.Repeat("[", below) + strings.Repeat("]", below) + "}" + strings.Repeat("]", lists)
				text := "{:process 0, :type :invoke, :f :read, " + field + " " + value + "}\n"
				sameInPieces(t, EDN, []byte(text))
			}
		}
	}
}

// Plain operations are those that Jepsen prints: else nothing would be won by them.
func TestWhatJepsenPrintsIsPlain(t *testing.T) {
	for _, line := range []string{
		`{:type :invoke, :f :read, :value nil, :process 3, :time 46042, :index 0}`,
		`{:index 4, :time 3291485317, :type :ok, :process 0, :f :txn, :value [[:r 9 [1 2 3]] [:append 8 1] [:r 7 nil]]}`,
		`{:process :nemesis, :type :info, :f :start, :value {"n1" #{"n2" "n3"}}, :time 5, :index 7, :error [:timeout "x"]}`,
		`#jepsen.history.Op{:index 0, :time 1, :type :invoke, :process 1, :f :cas, :value ["k" [1 2]]}`,
		`{:process 0, :type :ok, :f :read, :value (1 2.5 {:a true}), :extra :field}`,
	} {
		p := newEDNRecords(strings.NewReader(line + "\n")).p
		p.fill()
		var r record
		if !p.plain(&r) || p.i != len(line) {
			t.Errorf("%s is not plain", line)
		}
	}
}

// A list has one form, whether its elements are kept as values or as integers.
func TestListsOfIntegersAreLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		element := rapid.Map(rapid.IntRange(-2, 3), func(n int) Value {
			if n == 3 {
				return NilValue()
			}
			return IntValue(int64(n))
		})
		v, w := rapid.SliceOfN(element, 0, 5).Draw(t, "v"), rapid.SliceOfN(element, 0, 5).Draw(t, "w")
		a, b := ListValue(v...), ListValue(w...)
		if a.Equal(b) != slices.EqualFunc(v, w, Value.Equal) {
			t.Fatalf("%v and %v: equal %v", a, b, a.Equal(b))
		}
		if got := compareValues(a, b); a.Kind() == b.Kind() && got != slices.CompareFunc(v, w, compareValues) || (got == 0) != a.Equal(b) {
			t.Fatalf("%v and %v compare as %d", a, b, got)
		}
		if elements, _ := a.List(); !slices.EqualFunc(elements, v, Value.Equal) {
			t.Fatalf("%v has the elements %v", v, elements)
		}
		for _, spelled := range []string{a.String(), string(a.AppendEDN(nil))} {
			if read, err := ParseEDN(strings.ReplaceAll(spelled, "null", "nil")); err != nil || !read.Equal(a) {
				t.Fatalf("%v is read back from %s as %v: %v", a, spelled, read, err)
			}
		}
	})
}
