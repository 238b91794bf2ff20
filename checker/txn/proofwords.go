package txn

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/checker/txn/internal/exact"
	"faultline/checker/txn/internal/weak"
	"faultline/checker/txn/internal/wr"
	"faultline/internal/wording"
)

// ofViolation tells a cycle that refutes a weak level.
func (a *analysis) ofViolation(w writeRead, v *weak.Violation) checker.Finding {
	n := a.names()
	for _, e := range v.Cycle {
		if e.From != wr.Initial {
			n.number(w.txns[e.From])
		}
	}
	f := checker.Finding{Anomaly: v.Anomaly}
	var words []string
	for i := range v.Cycle {
		if e := &v.Cycle[i]; e.Why != weak.Start {
			words = append(words, a.sayWeak(w, e, n))
		}
	}
	f.Sentence = strings.Join(words, "; ")
	return a.shown(f, nil, n)
}

// sayWeak says why an edge of such a cycle is there.
func (a *analysis) sayWeak(w writeRead, e *weak.Edge, n *names) string {
	who := func(t int32) string { return n.of(w.txns[t]) }
	if e.Why == weak.Session {
		return fmt.Sprintf("process %d did %s before %s", a.record.Process[w.txns[e.From]], who(e.From), who(e.To))
	}
	key := shown(a.record.Keys.Name(e.Key))
	switch {
	case e.Why == weak.WriteRead && e.From == wr.Initial:
		return fmt.Sprintf("%s read %s as it was at first", who(e.To), key)
	case e.Why == weak.WriteRead:
		return fmt.Sprintf("%s wrote %s before %s read it", who(e.From), key, who(e.To))
	case e.To == wr.Initial:
		return fmt.Sprintf("%s had seen %s, which wrote %s, and read %s as it was at first", who(e.Reader()), who(e.From), key, key)
	default:
		return fmt.Sprintf("%s wrote %s before %s did, because %s had seen it and read that of %s", who(e.From), key, who(e.To), who(e.Reader()), who(e.To))
	}
}

// mostUnordered is how many transactions that cannot be ordered are shown without a proof.
const mostUnordered = 32

// ofProof tells why some transactions cannot be ordered.
func (a *analysis) ofProof(w writeRead, r *exact.Result) checker.Finding {
	if r.Proof == nil && len(r.Core) > mostUnordered {
		return checker.Finding{Sentence: fmt.Sprintf("no order of the versions explains %s together; a smaller set that none explains was not found in time",
			wording.Count(len(r.Core), "transaction"))}
	}
	n := a.names()
	for _, t := range r.Core {
		n.number(w.txns[t])
	}
	var f checker.Finding
	f.Sentence = "no order of the versions explains these transactions"
	if r.Proof != nil {
		f.Sentence += ": " + a.sayCase(w, r.Proof, n)
	}
	return a.shown(f, nil, n)
}

// sayCase tells a case of a proof: a circle, or one for each order of two writers.
func (a *analysis) sayCase(w writeRead, c *exact.Case, n *names) string {
	if c.Cycle != nil {
		var words []string
		for i := range c.Cycle {
			words = append(words, a.sayExact(w, &c.Cycle[i], n))
		}
		return strings.Join(words, ", ")
	}
	first, second := n.of(w.txns[c.First]), n.of(w.txns[c.Second])
	return fmt.Sprintf("if %s came before %s, then %s; if %s came before %s, then %s", first, second, a.sayCase(w, c.Either, n), n.short(w.txns[c.Second]),
		n.short(w.txns[c.First]), a.sayCase(w, c.Or, n))
}

// sayExact says why an edge of a proof is there.
func (a *analysis) sayExact(w writeRead, e *exact.Edge, n *names) string {
	from, to := n.of(w.txns[e.From]), n.of(w.txns[e.To])
	key := ""
	if e.Key >= 0 {
		key = shown(a.record.Keys.Name(e.Key))
	}
	switch e.Why {
	case exact.WriteRead:
		return fmt.Sprintf("%s wrote %s before %s read it", from, key, to)
	case exact.WriteWrite:
		return fmt.Sprintf("%s wrote %s before %s did", from, key, to)
	case exact.ReadWrite:
		return fmt.Sprintf("%s read %s before %s replaced what it found", from, key, to)
	case exact.InSession:
		return fmt.Sprintf("%s came before %s in its process", from, to)
	default:
		return fmt.Sprintf("%s had returned when %s was invoked", from, to)
	}
}
