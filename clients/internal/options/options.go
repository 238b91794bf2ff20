// Package options reads the options of a client from what a description says of it.
package options

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"faultline/internal/nearest"
)

// Reader reads options one after the other, and remembers the first mistake. An option that nobody has read is one.
type Reader struct {
	given map[string]string
	known []string
	err   error
}

// Read returns a Reader of the options given, which stay as they are.
func Read(given map[string]string) *Reader { return &Reader{given: given} }

// String returns an option, or what it is by default.
func (r *Reader) String(name, usual string) string {
	r.known = append(r.known, name)
	if text, ok := r.given[name]; ok {
		return text
	}
	return usual
}

// OneOf returns an option that is one of a few words; the first is the default.
func (r *Reader) OneOf(name string, words ...string) string {
	text := r.String(name, words[0])
	if !slices.Contains(words, text) {
		r.mistake(name, text, strings.Join(words, ", "))
	}
	return text
}

// Bool returns an option that is true or false; false by default, unless usual says otherwise.
func (r *Reader) Bool(name string, usual bool) bool {
	text := r.String(name, strconv.FormatBool(usual))
	switch text {
	case "true", "false":
	default:
		r.mistake(name, text, "true, false")
	}
	return text == "true"
}

// Int returns an option that is a whole number, at least 1.
func (r *Reader) Int(name string, usual int) int {
	text := r.String(name, strconv.Itoa(usual))
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		r.mistake(name, text, "whole numbers from 1")
	}
	return n
}

// Duration returns an option that is a time above 0, such as 200ms.
func (r *Reader) Duration(name string, usual time.Duration) time.Duration {
	text := r.String(name, usual.String())
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		r.mistake(name, text, "times such as 200ms or 3s")
	}
	return d
}

func (r *Reader) mistake(name, text, allowed string) {
	if r.err == nil {
		r.err = fmt.Errorf("option %s of the client: %q is none of: %s", name, text, allowed)
	}
}

// Err returns the first mistake: an option of a wrong form, or one that the client does not have.
func (r *Reader) Err() error {
	if r.err != nil {
		return r.err
	}
	for _, name := range slices.Sorted(maps.Keys(r.given)) {
		if !slices.Contains(r.known, name) {
			return fmt.Errorf("the client has no option %q; %s", name, nearest.Hint(name, r.known, "there are"))
		}
	}
	return nil
}
