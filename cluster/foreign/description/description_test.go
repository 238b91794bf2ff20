package description

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// The example has every key there is, so that it can be read in place of a reference.
func TestTheExampleHasEveryKey(t *testing.T) {
	d, err := Parse("example.toml", "/home/me", []byte(Example()))
	if err != nil {
		t.Fatal(err)
	}
	var missing func(path string, v reflect.Type)
	missing = func(path string, v reflect.Type) {
		for _, f := range reflect.VisibleFields(v) {
			key := f.Tag.Get("toml")
			if !strings.Contains(Example(), "\n"+key+" = ") && !strings.Contains(Example(), "\n# "+key+" = ") &&
				!strings.Contains(Example(), "["+strings.TrimPrefix(path+"."+key, ".")+"]") {
				t.Errorf("the example lacks %s.%s", path, key)
			}
			of := f.Type
			if of.Kind() == reflect.Slice {
				of = of.Elem()
			}
			if of.Kind() == reflect.Struct && of.NumField() > 0 && of.Field(0).Tag.Get("toml") != "" {
				missing(strings.TrimPrefix(path+"."+key, "."), of)
			}
		}
	}
	missing("", reflect.TypeFor[Description]())
	if got, _ := d.Node.Args[2].Execute(sample); got != "--peers=n2:8001" {
		t.Errorf("peers: %s", got)
	}
}

func TestSystemsThatComeWithFaultline(t *testing.T) {
	for _, name := range Names() {
		d, ok := BuiltIn(name)
		if !ok || d.Name != name || d.Doc == "" {
			t.Errorf("%s: %+v", name, d)
		}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var again Description
		if err := json.Unmarshal(b, &again); err != nil || !reflect.DeepEqual(d, again) {
			t.Errorf("%s is read from JSON as %+v, %v", name, again, err)
		}
	}
	if _, ok := BuiltIn("zookeeper"); ok {
		t.Error("zookeeper is no program in Go")
	}
}

// A mistake is told with its place, and what would help.
func TestMistakes(t *testing.T) {
	const good = "name = 'x'\nbuild = { path = '.' }\nclient = { kind = 'http', port = 80 }\n"
	for text, want := range map[string]string{
		"nam = 'x'":                           "x.toml:1: nam: unknown key; did you mean name?",
		"[build]\npackge = 'p'":               "x.toml:2: build.packge: unknown key; did you mean package?",
		"[[mode]]\nargs = ['--a']\nkeep=1":    "x.toml:3: mode.keep: unknown key; did you mean keeps?",
		"name = 'x":                           `x.toml:1: unterminated literal string`,
		"nodes = 'three'":                     "x.toml:1: nodes: string where a whole number is needed",
		"[node]\nargs = '--a'":                `x.toml:2: node.args: string where a list, such as ["one"] is needed`,
		"[node]\nargs = ['a',\n '{{.Naem}}']": `x.toml:3: node.args: "{{.Naem}}": there is no .Naem; did you mean Name?`,
		"[node]\nargs = ['{{.Nodes.Join \",\" \"$NODE\"}}']": `x.toml:2: node.args: "{{.Nodes.Join \",\" \"$NODE\"}}": "$NODE": $NODE is none of $NAME, $IP and $INDEX`,
		"[node]\nargs = ['{{.Name']":                         `x.toml:2: node.args: "{{.Name": unclosed action`,
		"[node]\nready = 'port 80'":                          `x.toml:2: node.ready: "port 80": give "tcp PORT", "http GET /path PORT" or "log REGEXP"`,
		"[node]\nready = 'tcp 80000'":                        `x.toml:2: node.ready: "80000": a port is a number from 1 to 65535`,
		"[log]\nleader = '(lead'":                            "x.toml:2: log.leader: error parsing regexp: missing closing ): `(lead`",
		"[client]\ntimeout = '3'":                            `x.toml:2: client.timeout: "3": give a time with its unit, such as 500ms or 2s`,
		"nodes = 3":                                          `x.toml: name: "": give a name of lower-case letters, digits and hyphens`,
		"name = 'My store'":                                  `x.toml:1: name: "My store": give a name of lower-case letters, digits and hyphens`,
		"name = 'x'":                                         "x.toml: build: say what is to be built: a package with its version, or the path of a main package, or a binary that was built before",
		"name = 'x'\n[build]\npackage = 'p'":                 `x.toml:2: build.version: it is missing; give one such as "v1.2.3" or "latest"`,
		"name = 'x'\nbuild = { path = '.' }":                 "x.toml: client.kind: it is missing: say which client speaks to the store, see 'faultline systems clients'",
		good + "[log]\nterm = 'term \\d+'":                   `x.toml:5: log.term: it has no group for the term: write it as (?P<term>\d+)`,
		good + "[[mode]]\nname='a'\n[[mode]]\nname='a'":      "x.toml:7: mode.name: there are two modes called a",
		good + "[node.files]\n'../a' = ''":                   `x.toml:4: node.files: "../a": give a name below the node's directory`,
		good + "[disk]\nlog = ['a[']":                        `x.toml:4: disk: "a[": syntax error in pattern`,
	} {
		if _, err := Parse("x.toml", "/", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}
