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

// Set takes "name=value", or the name alone of an option that is true or false.
func (s Settings) Set(e Entry, text string) error {
	name, value, given := strings.Cut(text, "=")
	if !given {
		value = "true"
	}
	var known []string
	for _, o := range e.Options {
		known = append(known, o.Name)
		if o.is(name) {
			if err := o.Parse(value); err != nil {
				return fmt.Errorf("option %s of the model %s: %w", o.Name, e.Name, err)
			}
			s[o.Name] = value
			return nil
		}
	}
	if len(known) == 0 {
		return fmt.Errorf("the model %s has no options", e.Name)
	}
	return fmt.Errorf("the model %s has no option %s; %s", e.Name, name, nearest.Hint(name, known, "there are"))
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

func yesOrNo(value string) error {
	if value != "true" && value != "false" {
		return fmt.Errorf("%q is neither true nor false", value)
	}
	return nil
}
