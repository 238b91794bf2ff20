package description

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Pattern is a regular expression of package regexp; the zero value matches nothing.
type Pattern struct{ text string }

// IsSet reports whether there is a pattern.
func (p Pattern) IsSet() bool { return p.text != "" }

// Regexp is the pattern, ready to use; nil if there is none.
func (p Pattern) Regexp() *regexp.Regexp {
	if !p.IsSet() {
		return nil
	}
	return regexp.MustCompile(p.text) // which UnmarshalText has tried
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Pattern) UnmarshalText(text []byte) error {
	p.text = string(text)
	_, err := regexp.Compile(p.text)
	return err
}

// MarshalText implements encoding.TextMarshaler.
func (p Pattern) MarshalText() ([]byte, error) { return []byte(p.text), nil }

// Duration is a time.Duration that is written with its unit.
type Duration struct{ time.Duration }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	if d.Duration, err = time.ParseDuration(string(text)); err != nil || d.Duration < 0 {
		return fmt.Errorf("%q: give a time with its unit, such as 500ms or 2s", text)
	}
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Ready is how it is seen that a node serves. The zero value leaves that to the client.
type Ready struct {
	Port int    // that takes connections; 0 if it is seen by the log
	Path string // that is answered with success to an HTTP GET at that port; empty if a connection is enough
	Log  Pattern
	text string
}

// IsSet reports whether there is anything to see it by.
func (r Ready) IsSet() bool { return r.text != "" }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Ready) UnmarshalText(text []byte) (err error) {
	*r = Ready{text: string(text)}
	how, what, _ := strings.Cut(r.text, " ")
	fields := strings.Fields(what)
	switch {
	case r.text == "":
		return nil
	case how == "log" && what != "":
		return r.Log.UnmarshalText([]byte(what))
	case how == "tcp" && len(fields) == 1:
		r.Port, err = port(fields[0])
	case how == "http" && len(fields) == 3 && fields[0] == "GET" && strings.HasPrefix(fields[1], "/"):
		r.Path = fields[1]
		r.Port, err = port(fields[2])
	default:
		return fmt.Errorf(`%q: give "tcp PORT", "http GET /path PORT" or "log REGEXP"`, r.text)
	}
	return err
}

// MarshalText implements encoding.TextMarshaler.
func (r Ready) MarshalText() ([]byte, error) { return []byte(r.text), nil }

func port(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || !isPort(n) {
		return 0, fmt.Errorf("%q: a port is a number from 1 to 65535", text)
	}
	return n, nil
}

func isPort(n int) bool { return n >= 1 && n <= 65535 }
