package checker

import (
	"strings"
	"testing"
)

// Initial values are JSON or EDN, and names are compared by their text.
func TestInitial(t *testing.T) {
	for _, c := range []struct{ text, name, want string }{
		{"0", "", "0"},
		{"0", "anything", "0"},
		{"nil", "x", "null"},
		{"null", "x", "null"},
		{`"a b"`, "x", `"a b"`},
		{"true", "x", `{"edn":"true"}`},
		{":a", "x", `{"edn":":a"}`},
		{"[1 2]", "x", "[1,2]"},
		{"[1,2,3]", "x", "[1,2,3]"},
		{"{:x 0 :y 1}", ":y", "1"},
		{"{:x 0 :y 1}", "y", "1"},
		{`{"x":0}`, ":x", "0"},
		{"{5 7}", "5", "7"},
		{"{:x 0}", "z", ""},
	} {
		i, err := ParseInitial(c.text)
		if err != nil || i.Of(c.name).String() != c.want {
			t.Errorf("%s of %q: %v, %v; want %s", c.text, c.name, i.Of(c.name), err, c.want)
		}
	}
	for text, want := range map[string]string{"": "neither JSON nor EDN", "{:x": "neither JSON nor EDN", `{:x 0 "x" 1}`: "twice", "1 2": "neither JSON nor EDN"} {
		if _, err := ParseInitial(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if (Initial{}).Given() || (Initial{}).String() != "" || (Initial{}).Of("x").String() != "" {
		t.Error("the zero value says something")
	}
}
