package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"faultline/internal/nearest"
)

// Option is a setting of an entry.
type Option struct {
	Name string
	Doc  string   // what it means, in a line
	Also []string // how Jepsen and elle-cli spell it
	// Parse refuses a value that the option does not take, and says what it takes.
	Parse func(value string) error
}

// Settings are the options that were given, with their values.
type Settings map[string]string

// Settings reads options that were given as "name=value", or by the name alone of one that is true or false.
func (e Entry) Settings(given []string) (Settings, error) {
	s := Settings{}
	for _, text := range given {
		name, value, found := strings.Cut(text, "=")
		if !found {
			value = "true"
		}
		o, err := e.option(name)
		if err == nil {
			err = o.Parse(value)
		}
		if err != nil {
			return nil, fmt.Errorf("model option %s: %w", text, err)
		}
		s[o.Name] = value
	}
	return s, nil
}

// option finds an option, in anybody's spelling.
func (e Entry) option(name string) (Option, error) {
	var known []string
	for _, o := range e.Options {
		if o.is(name) {
			return o, nil
		}
		known = append(known, o.Name)
	}
	if len(known) == 0 {
		return Option{}, fmt.Errorf("the model %s has no options", e.Name)
	}
	return Option{}, fmt.Errorf("the model %s has no such option; %s", e.Name, nearest.Hint(name, known, "there are"))
}

// WithOption finds the entry and the option that a name stands for in anybody's spelling; false if it stands for none.
func WithOption(name string) (Entry, Option, bool) {
	for _, e := range All() {
		if o, err := e.option(name); err == nil {
			return e, o, true
		}
	}
	return Entry{}, Option{}, false
}

// is reports whether a name is that of the option, in anybody's spelling.
func (o Option) is(name string) bool {
	name = strings.TrimSuffix(strings.TrimPrefix(name, ":"), "?")
	for _, n := range append([]string{o.Name}, o.Also...) {
		if n == name {
			return true
		}
	}
	return false
}

// yes reports whether an option that is true or false was given as true.
func (s Settings) yes(name string) bool { return s[name] == "true" }

// number is the value of an option that is a whole number; nil if it was not given.
func (s Settings) number(name string) *int64 {
	n, err := strconv.ParseInt(s[name], 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

func wholeNumber(value string) error {
	if _, err := strconv.ParseInt(value, 10, 64); err != nil {
		return fmt.Errorf("%q is not a whole number", value)
	}
	return nil
}

func aboveZero(value string) error {
	if n, err := strconv.ParseInt(value, 10, 32); err != nil || n < 1 {
		return fmt.Errorf("%q is not a whole number above 0", value)
	}
	return nil
}

func yesOrNo(value string) error {
	if value != "true" && value != "false" {
		return fmt.Errorf("%q is neither true nor false", value)
	}
	return nil
}
