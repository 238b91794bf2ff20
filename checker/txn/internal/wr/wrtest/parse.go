// Package wrtest reads small histories as people write them, for tests.
package wrtest

import (
	"fmt"
	"strconv"
	"strings"

	"faultline/checker/txn/internal/wr"
)

// History is a history and the names in it.
type History struct {
	*wr.History
	Keys []string
}

// Parse reads a transaction a line, those of a session together or apart. It has a session, optional times of its begin and end, and what it did:
//
//	a: w(x) r(y,2) r(z,0)
//	b [3 7]: r(x,1) w(y)
//
// Transactions are numbered from 1 in the order of the lines; r(y,2) reads what transaction 2 wrote to y, and 0 is the initial value.
func Parse(text string) (*History, error) {
	h := &History{History: &wr.History{First: []int32{0}}}
	sessions, keys := map[string]int32{}, map[string]int32{}
	for line := range strings.Lines(text) {
		head, events, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found {
			return nil, fmt.Errorf("%q: no session", line)
		}
		session, times, timed := strings.Cut(head, " ")
		if _, known := sessions[session]; !known {
			sessions[session] = int32(len(sessions))
		}
		h.Session = append(h.Session, sessions[session])
		if timed {
			var begin, end int64
			if _, err := fmt.Sscanf(times, "[%d %d]", &begin, &end); err != nil {
				return nil, fmt.Errorf("%q: %w", line, err)
			}
			h.Begin, h.End = append(h.Begin, begin), append(h.End, end)
		}
		for _, word := range strings.Fields(events) {
			e, key, err := event(word)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", line, err)
			}
			if _, known := keys[key]; !known {
				keys[key] = int32(len(keys))
				h.Keys = append(h.Keys, key)
			}
			e.Key = keys[key]
			h.Events = append(h.Events, e)
		}
		h.First = append(h.First, int32(len(h.Events)))
	}
	h.History.Keys = len(h.Keys)
	return h, h.Check()
}

func event(word string) (e wr.Event, key string, err error) {
	inside, found := strings.CutSuffix(word[1:], ")")
	inside, begun := strings.CutPrefix(inside, "(")
	key, from, read := strings.Cut(inside, ",")
	if !found || !begun || read != (word[0] == 'r') {
		return e, "", fmt.Errorf("%s is no event such as w(x) or r(x,1)", word)
	}
	if !read {
		return wr.Event{From: wr.Write}, key, nil
	}
	n, err := strconv.Atoi(from)
	return wr.Event{From: int32(n) - 1}, key, err
}

// Name is how a transaction is written: its number from 1; "initial" for the initial state.
func Name(t int32) string {
	if t == wr.Initial {
		return "initial"
	}
	return fmt.Sprintf("T%d", t+1)
}

// Names are several.
func Names(transactions []int32) string {
	var names []string
	for _, t := range transactions {
		names = append(names, Name(t))
	}
	return strings.Join(names, " ")
}

// Key is the name of a key.
func (h *History) Key(key int32) string {
	if key < 0 {
		return ""
	}
	return " " + h.Keys[key]
}
