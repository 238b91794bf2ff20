package description

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"text/template"

	"faultline/internal/nearest"
)

// Template is a text in which what is in {{ }} stands for something of the node: see Variables and text/template.
type Template struct{ text string }

// NewTemplate returns a template. It panics if the text is none.
func NewTemplate(text string) Template {
	var t Template
	if err := t.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return t
}

// Variables are what a template can name.
type Variables struct {
	Machine        // the node's own
	Peers   Others // the other nodes
	Nodes   Others // all nodes
	Dir     string // the node's directory for data, in its working directory
	Seed    uint64 // of the run
	Mode    string
}

// Machine is a node.
type Machine struct {
	Name  string // such as n1, which is its name in the world's DNS too
	IP    string
	Index int // from 1
}

// Others are several nodes.
type Others []Machine

// Join writes each node in a format, in which $NAME, $IP and $INDEX stand for its own, with a separator in between.
func (o Others) Join(separator, format string) (string, error) {
	var texts []string
	var unknown error
	for _, m := range o {
		texts = append(texts, os.Expand(format, func(name string) string {
			switch name {
			case "NAME":
				return m.Name
			case "IP":
				return m.IP
			case "INDEX":
				return fmt.Sprint(m.Index)
			}
			unknown = fmt.Errorf("%q: $%s is none of $NAME, $IP and $INDEX", format, name)
			return ""
		}))
	}
	return strings.Join(texts, separator), unknown
}

// sample is a node by which templates are tried.
var sample = Variables{Machine: Machine{"n1", "10.0.0.1", 1}, Nodes: Others{{"n1", "10.0.0.1", 1}, {"n2", "10.0.0.2", 2}},
	Peers: Others{{"n2", "10.0.0.2", 2}}, Dir: "data", Mode: "default"}

// UnmarshalText implements encoding.TextUnmarshaler. It refuses what cannot be carried out.
func (t *Template) UnmarshalText(text []byte) error {
	t.text = string(text)
	_, err := t.Execute(sample)
	return err
}

// MarshalText implements encoding.TextMarshaler.
func (t Template) MarshalText() ([]byte, error) { return []byte(t.text), nil }

// Execute returns the text for a node.
func (t Template) Execute(v Variables) (string, error) {
	parsed, err := template.New("").Parse(t.text)
	if err != nil {
		return "", explain(t.text, err)
	}
	var b strings.Builder
	if err := parsed.Execute(&b, v); err != nil {
		return "", explain(t.text, err)
	}
	return b.String(), nil
}

// noField matches what text/template says of a field that does not exist.
var noField = regexp.MustCompile(`can't evaluate field (\w+) in type (\S+)`)

// explain says what is wrong with a template without the places where text/template met it.
func explain(text string, err error) error {
	if m := noField.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("%q: there is no .%s; %s", text, m[1], nearest.Hint(m[1], fieldsOf(m[2]), "there are"))
	}
	var failed template.ExecError
	if errors.As(err, &failed) {
		for inner := errors.Unwrap(failed.Err); inner != nil; inner = errors.Unwrap(inner) {
			err = inner
		}
		return fmt.Errorf("%q: %w", text, err)
	}
	return fmt.Errorf("%q: %s", text, strings.TrimPrefix(err.Error(), "template: :1: "))
}

// fieldsOf are the names that a template can use of a type, by the name that text/template gives it.
func fieldsOf(typeName string) []string {
	t := reflect.TypeFor[Variables]()
	if strings.HasSuffix(typeName, "."+reflect.TypeFor[Machine]().Name()) {
		t = reflect.TypeFor[Machine]()
	}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous {
			names = append(names, f.Name)
		}
	}
	return names
}
