package build

import (
	"strings"
	"testing"
)

// A package that needs cgo is named, and how the store comes to import it. One that has another way without it is built.
func TestCgo(t *testing.T) {
	const c = "package lib\n\n// int one() { return 1; }\nimport \"C\"\n\nfunc one() { C.one() }\n"
	store := func(more map[string]string) map[string]string {
		all := map[string]string{
			"go.mod":         "module example.com/store\n\ngo 1.26\n",
			"main.go":        "package main\n\nimport \"example.com/store/mid\"\n\nfunc main() { mid.F() }\n",
			"mid/mid.go":     "package mid\n\nimport \"example.com/store/lib\"\n\nfunc F() { lib.F() }\n",
			"lib/with_c.go":  c,
			"lib/without.go": "package lib\n\nfunc F() { one() }\n",
		}
		for name, text := range more {
			all[name] = text
		}
		return all
	}
	const explanation = "build mystore: example.com/store/lib uses cgo, and C code cannot be in a closed world; " +
		"it is imported by example.com/store/mid, which is imported by example.com/store; without cgo, go build says\n"
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"half of a package":    {store(nil), explanation + "# example.com/store/lib\nlib/without.go:3:12: undefined: one"},
		"all of it":            {store(map[string]string{"lib/without.go": "//go:build cgo\n\npackage lib\n\nfunc F() { one() }\n"}), explanation + "package example.com/store\n"},
		"there is another way": {store(map[string]string{"lib/other.go": "//go:build !cgo\n\npackage lib\n\nfunc one() {}\n"}), ""},
		"not because of cgo":   {store(map[string]string{"main.go": "package main\n\nfunc main() { nothing() }\n"}), "build mystore: go build says\n# example.com/store\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := builder(t).Build(t.Context(), planOf(files(t, test.files)))
			if (err == nil) != (test.want == "") || err != nil && !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}
