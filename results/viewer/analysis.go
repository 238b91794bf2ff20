package viewer

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/results"
)

// Analysis is what the checker finds out about a run once more: orders of valid keys, and how far porcupine came on others.
type Analysis struct {
	order    []uint32 // by row: its place, from 1, in the order of its key; 0 if it has none
	attempts []attemptsMeta
}

// attemptsMeta is what porcupine tried on the operations of a violation, in the order of the scene's.
type attemptsMeta struct {
	Rows     []int        `json:"rows"`
	Validity string       `json:"validity"`
	Note     string       `json:"note"` // why there is nothing to show
	Orders   [][]stepMeta `json:"orders"`
}

type stepMeta struct {
	Row   int    `json:"row"`
	State string `json:"state"`
}

// Bounds of an analysis. Orders of a million operations take a second or two.
const (
	ordersTimeout   = 20 * time.Second
	attemptTimeout  = time.Second
	attemptMemory   = 64 << 20
	attemptsShown   = 40  // violations
	wholeKeyAtMost  = 300 // operations of a key whose violation is not explained
	longestStateRow = 200 // bytes of a state
)

// Analyze reads the run in a file system's root and asks the checker.
func Analyze(fsys fs.FS) (*Analysis, error) {
	stored, err := results.Inspect(fsys)
	if err != nil {
		return nil, err
	}
	ops, err := readOperations(fsys)
	if err != nil {
		return nil, err
	}
	a := &Analysis{order: make([]uint32, len(ops)), attempts: []attemptsMeta{}}
	staleness := stalenessOf(stored.Spec)
	for _, part := range stored.Verdict.Parts {
		m, err := linear.ModelByName(part.Model)
		known := err == nil && (part.Name == linearizable || part.Name == bounded)
		if known && part.Name == linearizable {
			a.orderKeys(m, ops, part)
		}
		for _, key := range part.NotValid {
			if !known {
				a.attempts = append(a.attempts, noAttempts("Porcupine orders what is to be linearizable, and this is about another model."))
			} else if part.Name == linearizable {
				a.attempts = append(a.attempts, a.attempt(m, ops, key, 0))
			} else {
				a.attempts = append(a.attempts, a.attempt(m, ops, key, staleness))
			}
		}
	}
	return a, nil
}

// The parts of a verdict that are decided key by key, by their names in package checker.
const (
	linearizable = "linearizable"
	bounded      = "bounded staleness"
)

func noAttempts(note string) attemptsMeta {
	return attemptsMeta{Rows: []int{}, Validity: checker.Unknown.String(), Note: note, Orders: [][]stepMeta{}}
}

func readOperations(fsys fs.FS) ([]history.Operation, error) {
	const name = "history.jsonl"
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	source, err := history.Open(f, name)
	if err != nil {
		return nil, err
	}
	h, err := source.ReadAll()
	if err != nil {
		return nil, err
	}
	return history.Operations(h.Events)
}

// stalenessOf is how old reads may be in a spec, 0 if it does not say.
func stalenessOf(spec json.RawMessage) time.Duration {
	var s struct {
		Options struct {
			Staleness time.Duration `json:"staleness"`
		} `json:"workload_options"`
	}
	if json.Unmarshal(spec, &s) != nil {
		return 0
	}
	return s.Options.Staleness
}

// orderKeys numbers the operations of the keys of a part that are valid.
func (a *Analysis) orderKeys(m linear.Model, ops []history.Operation, part checker.Part) {
	bad := map[string]bool{}
	for _, key := range part.NotValid {
		bad[key.Key] = true
	}
	kept := make([]history.Operation, 0, len(ops))
	rows := make([]uint32, 0, len(ops))
	for i := range ops {
		if !bad[ops[i].Key] {
			kept, rows = append(kept, ops[i]), append(rows, uint32(i))
		}
	}
	for _, l := range linear.Linearizations(m, kept, checker.Options{Timeout: ordersTimeout}) {
		for place, i := range l.Order {
			a.order[rows[i]] = uint32(place) + 1
		}
	}
}

// attempt explores the operations of an explanation or, where there is none, of the key.
func (a *Analysis) attempt(m linear.Model, ops []history.Operation, key checker.KeyVerdict, staleness time.Duration) attemptsMeta {
	some := involvedIn(ops, key)
	switch {
	case len(a.attempts) >= attemptsShown:
		return noAttempts(fmt.Sprintf("Only the first %d violations are explored.", attemptsShown))
	case len(some) == 0:
		return noAttempts(fmt.Sprintf("There is no explanation, and the key's %d operations are too many to explore.", key.Operations))
	}
	meta := noAttempts("")
	chosen := make([]history.Operation, len(some))
	for i, s := range some {
		chosen[i] = s.op
		meta.Rows = append(meta.Rows, s.row)
	}
	e := linear.Explore(m, chosen, staleness, checker.Options{Timeout: attemptTimeout, Memory: attemptMemory})
	meta.Validity = e.Validity.String()
	if e.Validity == checker.Unknown {
		meta.Note = "Porcupine met its bounds before it had tried every order."
	}
	for _, order := range e.Orders {
		steps := make([]stepMeta, len(order))
		for i, s := range order {
			steps[i] = stepMeta{some[s.Operation].row, clipped(s.State, longestStateRow)}
		}
		meta.Orders = append(meta.Orders, steps)
	}
	return meta
}

// placed is an operation and where it is in the history.
type placed struct {
	op  history.Operation
	row int
}

// involvedIn are the operations of an explanation as it takes them. Without an explanation they are all on the key, unless they are
// too many.
func involvedIn(ops []history.Operation, key checker.KeyVerdict) []placed {
	involved := map[int32]checker.Involved{}
	if key.Explanation != nil {
		for _, o := range key.Explanation.Operations {
			involved[int32(o.Invoked)] = o
		}
	} else if key.Operations > wholeKeyAtMost {
		return nil
	}
	var some []placed
	for i := range ops {
		op := ops[i]
		if op.Key != key.Key {
			continue
		}
		as, in := involved[op.Invoked]
		if key.Explanation != nil && !in {
			continue
		}
		some = append(some, placed{taken(op, as), i})
	}
	return some
}

// taken is an operation as an explanation takes it.
func taken(op history.Operation, as checker.Involved) history.Operation {
	if as.Returned < 0 && op.Outcome != history.Info {
		op.Outcome, op.Output = history.Info, history.Value{}
	}
	if expectedAndNext, ok := op.Input.List(); as.Write && ok && len(expectedAndNext) == 2 {
		op.F, op.Input, op.Output = "write", expectedAndNext[1], history.Value{}
	}
	return op
}

func clipped(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// WriteTo writes the analysis as a container.
func (a *Analysis) WriteTo(w io.Writer) (int64, error) {
	c := &container{meta: struct {
		Attempts []attemptsMeta `json:"attempts"`
	}{a.attempts}}
	c.add("op.order", a.order)
	return c.WriteTo(w)
}
