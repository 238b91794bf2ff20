package history

import (
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// plainJSON replaces what only our own JSON spells as an object.
func plainJSON(v Value) Value {
	switch v.Kind() {
	case None, Nil, Int, Text, Pair:
		return v
	case List:
		vs, _ := v.List()
		for i := range vs {
			vs[i] = plainJSON(vs[i])
		}
		return ListValue(vs...)
	default:
		return TextValue(v.String())
	}
}

// The lines of events, without what else is in a file of ours, are JSON as other tools write it: object by object or in an
// array, whatever the spacing.
func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Filter(func(h *History) bool { return len(h.Events) > 0 }).Draw(t, "history")
		var lines []string
		for i := range h.Events {
			h.Events[i].Value = plainJSON(h.Events[i].Value)
			lines = append(lines, string(h.Events[i].AppendJSON(nil)))
		}
		space := rapid.SampledFrom([]string{"", " ", "\n", "\r\n\t"})
		spaced := func(s string) string { return space.Draw(t, "before") + s + space.Draw(t, "after") }
		for i, line := range lines {
			lines[i] = spaced(strings.Replace(line, `,"f":`, spaced(",")+`"f"`+spaced(":"), 1))
		}
		for _, file := range []string{
			strings.Join(lines, "\n"),
			spaced("[") + strings.Join(lines, ",") + spaced("]"),
		} {
			for _, r := range []io.Reader{strings.NewReader(file), iotest.OneByteReader(strings.NewReader(file))} {
				s, err := Open(r, "file", WithTuples(false))
				if err != nil {
					t.Fatalf("%v\n%s", err, file)
				}
				read, err := s.ReadAll()
				if err != nil || !slices.EqualFunc(read.Events, h.Events, sameEvent) {
					t.Fatalf("%v\n%s", err, file)
				}
			}
		}
	})
}

// A file that is cut off anywhere but between two operations is refused, whatever its format.
func TestCutOffFilesOfOtherToolsAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, whole string }{
		"JSON array":   {`[{"process":0,"type":"invoke","f":"w","value":12},` + "\n" + `{"process":0,"type":"ok","f":"w","value":12}]`, ""},
		"JSON objects": {`{"process":0,"type":"invoke","f":"w","value":12}` + "\n" + `{"process":0,"type":"ok","f":"w","value":[12]}`, "\n"},
		"EDN vector":   {"[{:process 0, :type :invoke, :f :w, :value 12}\n{:process 0, :type :ok, :f :w, :value 12}]", ""},
		"EDN maps":     {"{:process 0, :type :invoke, :f :w, :value 12}\n{:process 0, :type :ok, :f :w, :value #{12}}", "\n"},
		"EDN vectors":  {"[0 :invoke :w 12]\n[0 :ok :w 12]", "\n"},
		"log":          {"0\t:invoke\t:w\t12\n0\t:ok\t:w\t12\n", "\n"},
	} {
		for n := 1; n < len(c.file); n++ {
			_, _, err := open([]byte(c.file[:n]))
			before, after := c.file[:n], c.file[n:]
			whole := c.whole != "" && (strings.HasPrefix(after, c.whole) && name != "log" || strings.HasSuffix(before, c.whole))
			if (err == nil) != whole {
				t.Errorf("%s, the first %d bytes of %d: %v", name, n, len(c.file), err)
			}
		}
		if _, _, err := open([]byte(c.file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Bytes that are no UTF-8 are refused wherever they are, and with their place.
func TestTextThatIsNotUTF8IsNotRead(t *testing.T) {
	for _, file := range []string{
		"{:process 0, :type :invoke, :f :w, :value \"a\xff\"}",
		"{:process 0, :type :invoke, :f :w, :value {\"\xff\" 1}}",
		"{:process 0, :type :invoke, :f :w, :key \"\xed\xa0\x80\"}",
		"{:process 0, :type :invoke, :f :w\xff}",
		"{:process 0, :type :invoke, :f :w, :other [\"\xff\"]}",
		`{"process":0,"type":"invoke","f":"w","value":` + "\"\xff\"}",
		`{"process":0,"type":"invoke","f":"w","value":` + "{\"\xc3\x28\":1}}",
		`{"process":0,"type":"invoke","f":"w",` + "\"\xff\":1}",
		"INFO  jepsen.util - 0\t:invoke\t:w\t\"\xff\"\n",
		"INFO  jepsen.util - :nemesis\t:info\t:start\tCut off \xff\n",
		"0\t:info\t:w\t1\t:\xff\n",
		`{"faultline_history":1}` + "\n" + `{"type":"ok","f":"w","value":` + "\"\xff\"}\n",
	} {
		_, _, err := open([]byte(file))
		if err == nil || !strings.HasPrefix(err.Error(), "file: line ") || !strings.Contains(err.Error(), "column") || !strings.Contains(err.Error(), "not UTF-8") {
			t.Errorf("%q: %v", file, err)
		}
	}
}
