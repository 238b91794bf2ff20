package export

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"faultline/cluster/report"
	"faultline/history"
	"faultline/results"
)

// shivizHeader is what ShiViz finds the events by: a regular expression, and an empty line, as there is one execution.
const shivizHeader = `(?<time>\S*) (?<host>\S*) (?<clock>\{.*\})\n(?<event>.*)` + "\n\n"

// Interval is a part of a run.
type Interval struct{ From, To time.Duration }

func (i Interval) has(t time.Duration) bool { return i.From <= t && t < i.To }

// ShiViz writes what happened in an interval as a log with vector clocks (Fidge 1988, Mattern 1989), as ShiViz reads it: each
// event of a host counts up the host's own component, and a message brings the sender's clock, as it was then, to
// the receiver. Hosts are nodes and processes. Events are messages sent and received, operations invoked and completed,
// and changes of role. The components of hosts from which nothing was heard are left out, as those are 0.
func ShiViz(w io.Writer, r *results.Run, messages []report.Message, during Interval) error {
	steps, err := allSteps(r, messages)
	if err != nil {
		return err
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return !during.has(s.at) })
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank)) })
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString(shivizHeader) // an error comes again with Flush
	clocks := map[string]clock{}
	sent := map[int]clock{} // by the ID of the message
	for _, s := range steps {
		c := clocks[s.host]
		if s.rank == receives {
			c = c.merged(sent[s.message])
			delete(sent, s.message)
		}
		c = c.ticked(s.host)
		clocks[s.host] = c
		if s.rank == sends && s.heard {
			sent[s.message] = c
		}
		fmt.Fprintf(out, "%s %s %s\n%s\n", seconds(s.at), s.host, c, s.text)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the log: %w", err)
	}
	return nil
}

// step is an event of one host.
type step struct {
	at      time.Duration
	rank    rank
	host    string
	text    string
	message int  // its ID, of a message
	heard   bool // it will be received
}

// rank is the order of what a host does in one instant: it hears before it speaks.
type rank uint8

const (
	invokes rank = iota
	receives
	changes
	sends
	completes
)

func allSteps(r *results.Run, messages []report.Message) ([]step, error) {
	var steps []step
	for i := range messages {
		m := &messages[i]
		text := oneLine(fmt.Sprintf("%s %s", m.Kind, m.Detail))
		steps = append(steps, step{at: m.Sent, rank: sends, host: host(m.From), text: fmt.Sprintf("send %d to %s: %s", m.ID, host(m.To), text), message: m.ID, heard: m.Received >= 0})
		if m.Received >= 0 {
			steps = append(steps, step{at: m.Received, rank: receives, host: host(m.To), text: fmt.Sprintf("receive %d from %s: %s", m.ID, host(m.From), text), message: m.ID})
		}
	}
	for _, t := range r.Track {
		steps = append(steps, step{at: t.Time, rank: changes, host: host(t.Node), text: oneLine(t.Role + ", " + r.Term(t.Term))})
	}
	for e, err := range r.History.All() {
		if err != nil {
			return nil, err
		}
		if e.Process != history.Nemesis {
			steps = append(steps, operationStep(e))
		}
	}
	return steps, nil
}

func operationStep(e *history.Event) step {
	s := step{at: e.Time, rank: completes, host: host(fmt.Sprintf("process %d", e.Process))}
	if e.Type == history.Invoke {
		s.rank = invokes
	}
	s.text = oneLine(strings.Join(slices.DeleteFunc([]string{e.Type.String(), e.F, clipped(e.Key), clipped(valueText(e.Value)), e.Error},
		func(part string) bool { return part == "" }), " "))
	return s
}

// host is a name without spaces.
func host(name string) string { return strings.Join(strings.Fields(oneLine(name)), "-") }

// oneLine is a text on one line, in UTF-8.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd")))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.9fs", d.Seconds()) }

// clock is a vector clock: components that are not 0, by host.
type clock []component

type component struct {
	host string
	n    int
}

// ticked is the clock with one more event of a host.
func (c clock) ticked(host string) clock {
	next := slices.Clone(c)
	k, found := slices.BinarySearchFunc(next, host, func(x component, host string) int { return cmp.Compare(x.host, host) })
	if !found {
		next = slices.Insert(next, k, component{host, 0})
	}
	next[k].n++
	return next
}

// merged is the later of both in each component.
func (c clock) merged(d clock) clock {
	var m clock
	for len(c) > 0 || len(d) > 0 {
		switch {
		case len(d) == 0 || len(c) > 0 && c[0].host < d[0].host:
			m, c = append(m, c[0]), c[1:]
		case len(c) == 0 || d[0].host < c[0].host:
			m, d = append(m, d[0]), d[1:]
		default:
			m = append(m, component{c[0].host, max(c[0].n, d[0].n)})
			c, d = c[1:], d[1:]
		}
	}
	return m
}

// String writes a JSON object.
func (c clock) String() string {
	b := []byte{'{'}
	for i, x := range c {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := json.Marshal(x.host) // a text has no error
		b = fmt.Appendf(b, "%s:%d", name, x.n)
	}
	return string(append(b, '}'))
}
