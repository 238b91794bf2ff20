package nemesis

import (
	"strings"
	"time"

	"faultline/internal/nearest"
)

// Parse reads a schedule: one event a line, blank lines and comments from # to the end of a line. An error
// names line and column, and what was probably meant. Parse does not know the nodes and does not ask for
// order; that is for Check.
func Parse(text string) (Schedule, error) {
	var s Schedule
	number := 0
	for t := range strings.SplitSeq(text, "\n") {
		number++
		l := newLine(number, t)
		if l.peek() == "" {
			continue
		}
		e, err := parseEvent(l)
		if err != nil {
			return nil, err
		}
		s = append(s, e)
	}
	return s, nil
}

func parseEvent(l *line) (Event, error) {
	at, err := parseTime(l)
	if err != nil {
		return Event{}, err
	}
	v, err := parseVerb(l)
	if err != nil {
		return Event{}, err
	}
	a, err := v.parse(l)
	if err != nil {
		return Event{}, err
	}
	if word := l.next(); word != "" {
		return Event{}, l.errorf("unexpected %q; usage: %s", word, v.usage)
	}
	return Event{At: at, Action: a, source: l}, nil
}

// parseTime takes what time.ParseDuration takes, as people will write 1m30s and 250ms.
func parseTime(l *line) (time.Duration, error) {
	word := l.next()
	d, err := time.ParseDuration(word)
	switch {
	case err == nil && d < 0:
		return 0, l.errorf("the time %s is before the start of the test", word)
	case err == nil:
		return d, nil
	}
	if _, err := time.ParseDuration(word + "s"); err == nil {
		return 0, l.errorf("the time %s has no unit; did you mean %ss?", word, word)
	}
	return 0, l.errorf("%q is not a time; a line begins with one, such as 12.5s", word)
}

func parseVerb(l *line) (verb, error) {
	word := l.next()
	for _, v := range verbs {
		if v.name == word {
			return v, nil
		}
	}
	names := verbNames()
	if word == "" {
		return verb{}, l.errorf("a verb should follow the time: one of %s", strings.Join(names, ", "))
	}
	return verb{}, l.errorf("unknown verb %q; %s", word, nearest.Hint(word, names, "the verbs are"))
}
