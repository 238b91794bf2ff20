package ladder

import (
	"math"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history"
)

// DefaultStaleness is how old a read may be under bounded staleness by default.
const DefaultStaleness = time.Second

// Options bound a check. The zero value is good.
type Options struct {
	// Timeout bounds the real time of a check of all models together; checker.DefaultTimeout if it is 0.
	Timeout time.Duration
	// Done ends a check when it is closed, as if the time were up; nil for never.
	Done <-chan struct{}
	// Memory bounds, roughly, the bytes that a check takes in addition to the operations; checker.DefaultMemory if it is 0.
	Memory int64
	// Initial is what keys hold at first; null if it is the zero value.
	Initial checker.Initial
	// Staleness is how old, in the time of the history, what a read sees may be under bounded staleness;
	// DefaultStaleness if it is 0.
	Staleness time.Duration
	// Settled is the time in the history from which on replicas must agree: faults are over, and earlier writes had the
	// time to reach them. Eventual is judged by the reads invoked later, and is unknown if Settled is 0.
	Settled time.Duration
}

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = checker.DefaultTimeout
	}
	if o.Memory <= 0 {
		o.Memory = checker.DefaultMemory
	}
	if o.Staleness <= 0 {
		o.Staleness = DefaultStaleness
	}
	return o
}

// Settled is a time for Options.Settled of a history that does not tell when replicas had caught up: grace after the end of the
// last fault and the return of the last operation that changed something.
func Settled(events []history.Event, ops []history.Operation, grace time.Duration) time.Duration {
	last := time.Duration(0)
	for _, f := range history.Faults(events) {
		last = max(last, f.End)
	}
	for i := range ops {
		if ops[i].F != "read" && ops[i].Outcome == history.OK {
			last = max(last, ops[i].Return)
		}
	}
	return last + grace
}

// Result is the answer for one model.
type Result struct {
	Model    string           `json:"model"`
	Validity checker.Validity `json:"validity"`
	Reason   string           `json:"reason"`
	// Stage is the algorithm that decided, or the model from whose verdict this one follows.
	Stage     string           `json:"stage,omitempty"`
	Violation *checker.Finding `json:"witness,omitempty"` // of an invalid history, if it was explained in time
	// Freshest is what bounded staleness would have to allow; nil for other models.
	Freshest *Bound `json:"freshest,omitempty"`
}

// Bound is how stale reads were: every smaller bound is refuted. It is the least that the history proves and no promise
// that the store never does worse.
type Bound struct {
	// Versions is k of k-atomicity: a read may return one of the last k versions. It is counted from writes that are
	// certainly in between, so a larger k may be needed.
	Versions int `json:"versions"`
	// Age is Δ of Δ-atomicity, to a millisecond above, as it is decided and not counted.
	Age time.Duration `json:"age_ns"`
	// Unbounded says that no age would do: something other than old reads is wrong.
	Unbounded bool `json:"unbounded,omitempty"`
}

// size is how many operations there are to look at.
func (r *Result) size() int {
	if r.Violation == nil {
		return math.MaxInt
	}
	return len(r.Violation.Operations)
}

// finding is what a verdict says of a model that is not kept, or not known to be.
func (r *Result) finding(operations int) checker.Finding {
	f := checker.Finding{Rule: r.Model, Validity: r.Validity, Sentence: r.Reason}
	if r.Violation != nil {
		f = *r.Violation
	}
	if f.On == "" {
		f.Total = operations
	}
	return f
}

// Check decides models, by name, over the client operations of a whole history, in any order. Results are in the order of
// the models. The answer for a name that is not a model's is unknown, and its reason says so. What the models have in common is
// computed once, and what follows from one verdict is not decided again: all models cost little more than the strongest.
//
// Events of one instant are ordered by their positions; times count for bounded staleness and eventual only.
func Check(ops []history.Operation, models []string, opts Options) []Result {
	c := newCheck(ops, opts.withDefaults())
	results := make([]Result, len(models))
	for i, name := range models {
		results[i] = c.decide(name)
	}
	return results
}

// Verdict merges results into one part of a verdict. Its findings are the models that are not kept.
func Verdict(results []Result, operations int) checker.Part {
	p := checker.Part{Name: checker.ConsistencyPart, Operations: operations}
	var names, stages []string
	var answers []checker.Validity
	of, reason := map[checker.Validity][]string{}, map[checker.Validity]string{}
	shortest := 0 // the operations of the violation whose reason is given
	for _, r := range results {
		names, answers = append(names, r.Model), append(answers, r.Validity)
		if r.Stage != "" && !slices.Contains(stages, r.Stage) {
			stages = append(stages, r.Stage)
		}
		of[r.Validity] = append(of[r.Validity], r.Model)
		if size := r.size(); reason[r.Validity] == "" || size < shortest {
			reason[r.Validity], shortest = r.Reason, size
		}
		if r.Validity != checker.Valid {
			p.Findings = append(p.Findings, r.finding(operations))
		}
	}
	p.Model, p.Stage, p.Validity = strings.Join(names, ", "), strings.Join(stages, ", "), checker.Merge(answers...)
	switch list := strings.Join(of[p.Validity], ", "); p.Validity {
	case checker.Valid:
		p.Reason = "nothing refutes " + list
	case checker.Invalid:
		p.Reason = "not " + list + ": " + reason[checker.Invalid]
	default:
		p.Reason = "undecided: " + list + ": " + reason[checker.Unknown]
	}
	return p
}
