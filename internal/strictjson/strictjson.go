// Package strictjson reads JSON that people edit.
//
// It guarantees that a field which nothing would read is refused by its name, and that its errors speak of the text and
// not of Go. A type with a method UnmarshalJSON reads its own part and is not looked into.
package strictjson

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"faultline/internal/nearest"
)

// Unmarshal is json.Unmarshal, but refuses the fields of objects that the structs they are read into do not have.
func Unmarshal(b []byte, into any) error {
	if err := unknown(b, reflect.TypeOf(into), ""); err != nil {
		return err
	}
	return plain(json.Unmarshal(b, into), reflect.TypeOf(into))
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// unknown looks for fields in a text that its type does not have. The path leads to the text and ends in a dot, unless it is
// empty. What is no object is left to json.
func unknown(b []byte, t reflect.Type, path string) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var object map[string]json.RawMessage
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(unmarshaler) || json.Unmarshal(b, &object) != nil {
		return nil
	}
	types := fields(t)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		field, ok := types[name]
		if !ok {
			return fmt.Errorf("unknown field %q; %s", path+name, nearest.Hint(name, slices.Sorted(maps.Keys(types)), "there are"))
		}
		if err := unknown(object[name], field, path+name+"."); err != nil {
			return err
		}
	}
	return nil
}

// fields are the types of a struct's fields, by their names in JSON.
func fields(t reflect.Type) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if f.IsExported() && tag != "-" && (!f.Anonymous || name != "") {
			types[cmp.Or(name, f.Name)] = f.Type
		}
	}
	return types
}

// plain says in the words of the text what json says in those of Go. The type is what the text was read into.
func plain(err error, t reflect.Type) error {
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return err
	}
	text := fmt.Sprintf("%s where %s is needed", kind.Value, needed(kind.Type))
	if kind.Field != "" {
		text = path(kind.Field, t) + ": " + text
	}
	return errors.New(text)
}

// path is the path of a field as in the text: json's has the names of embedded structs too.
func path(field string, t reflect.Type) string {
	var names []string
	for name := range strings.SplitSeq(field, ".") {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct {
			inner, ok := fields(t)[name]
			if !ok {
				continue
			}
			t = inner
		}
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

func needed(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number that is not negative"
	default:
		return "a whole number"
	}
}
