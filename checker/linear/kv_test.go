package linear

import (
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A key of texts is decided as a register where its texts are unique.
func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         checker.Validity
	}{
		{"two pending appends are told by one get", `0 invoke append x "a"
0 info append x !timeout
1 invoke append x "b"
1 info append x !timeout
2 invoke get x
2 ok get x "ab"`, checker.Valid},
		{"and in another order by the next", `0 invoke append x "a"
0 info append x !timeout
1 invoke append x "b"
1 info append x !timeout
2 invoke get x
2 ok get x "ab"
2 invoke get x
2 ok get x "ba"`, checker.Invalid},
		{"what is put is never in the middle", `0 invoke append x "a"
1 invoke put x "b"
0 ok append x "a"
1 ok put x "b"
2 invoke get x
2 ok get x "ab"`, checker.Invalid},
		{"an append that nobody saw came before the put", `0 invoke append x "a"
0 ok append x "a"
1 invoke put x "b"
1 ok put x "b"
2 invoke get x
2 ok get x "b"`, checker.Valid},
		{"or after it, and is missing", `1 invoke put x "b"
1 ok put x "b"
0 invoke append x "a"
0 ok append x "a"
2 invoke get x
2 ok get x "b"`, checker.Invalid},
		{"a text that nothing can have made", `1 invoke put x "b"
1 ok put x "b"
2 invoke get x
2 ok get x "bc"`, checker.Invalid},
	} {
		events, err := parseScript(c.script)
		if err != nil {
			t.Fatal(err)
		}
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		part := Linearizable(KV(), ops, checker.Options{})
		if part.Validity != c.want || c.want == checker.Valid && part.Stage != stageZones {
			t.Errorf("%s: %v by %s: %s", c.name, part.Validity, part.Stage, part.Reason)
		}
	}
}
