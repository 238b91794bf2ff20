package checker

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"faultline/history"
)

// Linearizable decides whether the operations are linearizable: whether there is an order in which
// the model does what clients saw, and in which an operation that returned before another one was
// invoked comes first. Before means the position in the history; the times of events play no part.
//
// Each key is decided on its own. For each key that is invalid there is a counterexample, by name of
// the key. The check runs in real time: in a world with a virtual clock its bound would never pass.
func Linearizable(m Model, ops []history.Operation, opts Options) (Part, []Counterexample) {
	opts = opts.withDefaults()
	part := Part{Name: "linearizable", Model: m.name, Operations: len(ops)}
	keys := splitKeys(m, ops)
	part.Keys = len(keys)
	decideKeys(keys, opts)

	var examples []Counterexample
	answers := make([]Validity, 0, len(keys))
	for _, k := range keys {
		answers = append(answers, k.validity)
		if k.validity != Valid {
			part.NotValid = append(part.NotValid, KeyVerdict{Key: k.name, Validity: k.validity, Reason: k.reason, Operations: len(k.ops)})
		}
		if k.validity == Invalid {
			examples = append(examples, k.example)
		}
	}
	part.Stage = stages(keys)
	part.Validity = Merge(answers...)
	part.Reason = summarize(part)
	return part, examples
}

// stages names those that decided some key, in the order in which they are tried.
func stages(keys []*keyCheck) string {
	var names []string
	for _, stage := range []string{Witness, Porcupine} {
		if slices.ContainsFunc(keys, func(k *keyCheck) bool { return k.stage == stage }) {
			names = append(names, stage)
		}
	}
	return strings.Join(names, ", ")
}

// keyCheck is the check of one key.
type keyCheck struct {
	name      string
	model     Model
	ops       []history.Operation
	question  question
	malformed error // why there is no question

	stage    string
	validity Validity
	reason   string
	example  Counterexample
}

// splitKeys groups operations by key, in the order of the keys' names.
func splitKeys(m Model, ops []history.Operation) []*keyCheck {
	sizes := map[string]int{}
	for i := range ops {
		sizes[ops[i].Key]++
	}
	byName := make(map[string]*keyCheck, len(sizes))
	keys := make([]*keyCheck, 0, len(sizes))
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		k := &keyCheck{name: name, model: m, ops: make([]history.Operation, 0, sizes[name])}
		byName[name] = k
		keys = append(keys, k)
	}
	for i := range ops {
		k := byName[ops[i].Key]
		k.ops = append(k.ops, ops[i])
	}
	for _, k := range keys {
		k.question, k.malformed = m.compile(k.ops)
	}
	return keys
}

// decideKeys decides all keys within one bound on time. Those that look easy come first and each gets
// an equal share of the time that is left, so that one hard key cannot take it from the others.
func decideKeys(keys []*keyCheck, opts Options) {
	deadline := time.Now().Add(opts.Timeout)
	easiest := slices.Clone(keys)
	slices.SortStableFunc(easiest, func(a, b *keyCheck) int {
		return cmp.Or(cmp.Compare(a.question.pending, b.question.pending), cmp.Compare(len(a.ops), len(b.ops)))
	})
	for i, k := range easiest {
		share := time.Until(deadline) / time.Duration(len(easiest)-i)
		k.decide(share, opts.Memory)
	}
	for _, k := range easiest {
		if k.validity == Invalid {
			k.explain(deadline, opts)
		}
	}
}

func (k *keyCheck) decide(timeout time.Duration, memory int64) {
	if k.malformed != nil {
		k.validity, k.reason = Unknown, k.malformed.Error()
		return
	}
	if k.question.verify(k.question.proposed) {
		k.stage, k.validity = Witness, Valid
		return
	}
	k.stage = Porcupine
	k.validity, k.reason = newSearch(k.question, memory).run(timeout)
}
