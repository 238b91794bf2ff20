package cluster

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Setting is a field of a Config that has a flag.
type Setting struct {
	Flag    string
	Doc     string
	Choices []string // if it is one of a few words
	Value   any      // a pointer to the field: *bool, *int, *uint64, *float64, *string or *time.Duration
	// Needed means that zero is no value: its default is another, and zero would be taken for that.
	Needed bool
}

// Settings lists the fields of a Config that have a tag `flag:"name"`, those of structs in it included, in their order. The
// tag doc says what the flag is for, and the tag choices lists its words. Fields without such a tag can be set in a stored
// spec only. Settings panics at a field whose type no flag can have.
func Settings(c Config) []Setting {
	v := reflect.ValueOf(c)
	if v.Kind() != reflect.Pointer {
		return nil
	}
	return settingsOf(v.Elem())
}

func settingsOf(v reflect.Value) []Setting {
	var all []Setting
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		name, ok := field.Tag.Lookup("flag")
		switch {
		case ok:
			s := Setting{Flag: name, Doc: field.Tag.Get("doc"), Value: pointer(value), Needed: value.Kind() != reflect.Bool && !value.IsZero()}
			if words := field.Tag.Get("choices"); words != "" {
				s.Choices = strings.Split(words, ",")
			}
			all = append(all, s)
		case field.IsExported() && field.Type.Kind() == reflect.Struct:
			all = append(all, settingsOf(value)...)
		}
	}
	return all
}

// pointer is the address of a field, as one of a basic type.
func pointer(v reflect.Value) any {
	for _, basic := range []any{(*time.Duration)(nil), (*bool)(nil), (*int)(nil), (*uint64)(nil), (*float64)(nil), (*string)(nil)} {
		if t := reflect.TypeOf(basic); v.Type() == t.Elem() || v.Kind() == t.Elem().Kind() && t.Elem().Kind() == reflect.String {
			return v.Addr().Convert(t).Interface()
		}
	}
	panic(fmt.Sprintf("cluster: a setting cannot be a %v", v.Type()))
}

// CloneConfig returns a copy that can be changed by itself. Settings are values, so a copy of the struct is enough.
func CloneConfig(c Config) Config {
	v := reflect.ValueOf(c)
	if v.Kind() != reflect.Pointer {
		return c
	}
	fresh := reflect.New(v.Type().Elem())
	fresh.Elem().Set(v.Elem())
	return fresh.Interface().(Config)
}
