package viewer

import (
	"fmt"
	"io"
	"io/fs"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/ops"
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
	for _, part := range stored.Verdict.Parts {
		m, staleness, ordered := results.Ordered(part, stored.Spec)
		if ordered && part.Name == checker.LinearizablePart {
			a.orderKeys(m, ops, part)
		}
		for _, f := range part.Findings {
			meta := noAttempts("Porcupine orders what is to be linearizable, and this is about something else.")
			if ordered {
				meta = a.attempt(m, ops, f, staleness)
			}
			a.attempts = append(a.attempts, meta)
		}
	}
	return a, nil
}

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

// orderKeys numbers the operations of the keys of a part that are valid.
func (a *Analysis) orderKeys(m linear.Model, all []history.Operation, part checker.Part) {
	bad := map[string]bool{}
	for _, f := range part.Findings {
		bad[f.On] = true
	}
	kept := make([]history.Operation, 0, len(all))
	rows := make([]uint32, 0, len(all))
	for i := range all {
		if !bad[all[i].Key] && ops.OnObject(all[i].F) {
			kept, rows = append(kept, all[i]), append(rows, uint32(i))
		}
	}
	for _, l := range linear.Linearizations(m, kept, checker.Options{Timeout: ordersTimeout}) {
		for place, i := range l.Order {
			a.order[rows[i]] = uint32(place) + 1
		}
	}
}

// attempt explores the operations of a finding or, if it has none, of its key.
func (a *Analysis) attempt(m linear.Model, ops []history.Operation, f checker.Finding, staleness time.Duration) attemptsMeta {
	switch {
	case len(a.attempts) >= attemptsShown:
		return noAttempts(fmt.Sprintf("Only the first %d violations are explored.", attemptsShown))
	case len(f.Operations) == 0 && f.Total > wholeKeyAtMost:
		return noAttempts(fmt.Sprintf("No few operations explain it, and the key's %d are too many to explore.", f.Total))
	}
	e := linear.Explore(m, ops, f, staleness, checker.Options{Timeout: attemptTimeout, Memory: attemptMemory})
	meta := noAttempts("")
	meta.Rows, meta.Validity = e.Operations, e.Validity.String()
	if e.Validity == checker.Unknown {
		meta.Note = "Porcupine met its bounds before it had tried every order."
	}
	for _, order := range e.Orders {
		steps := make([]stepMeta, len(order))
		for i, s := range order {
			steps[i] = stepMeta{s.Operation, clipped(s.State, longestStateRow)}
		}
		meta.Orders = append(meta.Orders, steps)
	}
	return meta
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
