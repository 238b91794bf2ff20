package description

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"faultline/internal/nearest"
)

// Error is what is wrong with a description, and where.
type Error struct {
	File string
	Line int    // from 1; 0 if it is nowhere
	Key  string // such as node.args
	Text string
}

func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Key != "" {
		at += ": " + e.Key
	}
	return at + ": " + e.Text
}

// Read reads a file. Paths in it start where it is.
func Read(file string) (Description, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Description{}, fmt.Errorf("read the description of a system: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return Description{}, fmt.Errorf("find the directory of %s: %w", file, err)
	}
	return Parse(file, dir, text)
}

// Wrong is the error for the value of a key in a file, by what others know to be wrong with it.
func Wrong(file, key string, err error) error {
	text, _ := os.ReadFile(file) // without it the line is not known
	return &Error{File: file, Line: lineOf(text, key), Key: key, Text: err.Error()}
}

// Parse reads a description. The errors name the file. Paths in it start from a directory.
func Parse(file, dir string, text []byte) (Description, error) {
	var d Description
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, explainSyntax(file, err)
	}
	d = d.withDefaults()
	if key, err := d.check(); err != nil {
		return d, &Error{File: file, Line: lineOf(text, key), Key: key, Text: err.Error()}
	}
	return d.below(dir), nil
}

// below has the paths of a description start from a directory.
func (d Description) below(dir string) Description {
	for _, path := range []*string{&d.Build.Path, &d.Build.Binary, &d.Client.Package} {
		*path = absolute(dir, *path)
	}
	for module, by := range d.Build.Replace {
		if isDirectory(by) {
			d.Build.Replace[module] = absolute(dir, by)
		}
	}
	return d
}

func absolute(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// isDirectory reports whether what takes the place of a module is a directory, as the go command sees it.
func isDirectory(by string) bool { return strings.HasPrefix(by, ".") || filepath.IsAbs(by) }

// explainSyntax says what is wrong with a file that is no description.
func explainSyntax(file string, err error) error {
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		first := unknown.Errors[0]
		line, _ := first.Position()
		key := first.Key()
		return &Error{file, line, strings.Join(key, "."), "unknown key; " + nearest.Hint(key[len(key)-1], keysOf(key[:len(key)-1]), "there are")}
	case errors.As(err, &wrong):
		line, _ := wrong.Position()
		return &Error{file, line, strings.Join(wrong.Key(), "."), inWords(wrong.Error())}
	default:
		return &Error{File: file, Text: err.Error()}
	}
}

// keysOf are the keys that a table can have.
func keysOf(table []string) []string {
	t := reflect.TypeFor[Description]()
	for _, name := range table {
		for _, f := range reflect.VisibleFields(t) {
			if f.Tag.Get("toml") == name {
				t = f.Type
			}
		}
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
	}
	var keys []string
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			keys = append(keys, f.Tag.Get("toml"))
		}
	}
	return keys
}

// wrongType matches what the library says of a value of another type than that of its field.
var wrongType = regexp.MustCompile(`cannot decode TOML (\w+) into .* of type (\S+)`)

// inWords says in words of TOML what the library says in words of Go.
func inWords(text string) string {
	text = strings.TrimPrefix(text, "toml: ")
	m := wrongType.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	needed := map[string]string{"int": "a whole number", "string": `a "string"`}[m[2]]
	switch {
	case strings.HasPrefix(m[2], "[]"):
		needed = `a list, such as ["one"]`
	case strings.HasPrefix(m[2], "map["):
		needed = `a table, such as { name = "text" }`
	case needed == "":
		needed = "something else"
	}
	return fmt.Sprintf("%s where %s is needed", m[1], needed)
}
