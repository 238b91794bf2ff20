package record

import (
	"fmt"

	"faultline/checker/internal/elements"
	"faultline/history"
)

// block is a run of operations, decoded: the columns of a History, in which keys, prefixes, values and branches have numbers of the block.
// Blocks are decoded independently of each other, so several at once.
type block struct {
	model                      Model
	process, invoked, returned []int32
	outcome                    []history.Type
	first                      []int32 // of each transaction, its first step
	kind                       []Kind
	key                        []int32
	value                      []Element
	saw                        []int32 // of a read of a list its branch, see branches; Initial or Unread
	malformed                  []Malformed
	obscure                    bool

	keys     elements.Numbers
	lists    []branches          // of each key
	others   []*elements.Numbers // of each key
	prefixes elements.Numbers
	list     []Element // the one that is being read
}

// decode takes operations apart, the first of which is transaction number first.
func decode(model Model, ops []history.Operation, first int32) *block {
	b := &block{model: model}
	b.reserve(len(ops))
	for i := range ops {
		b.operation(&ops[i], first+int32(i))
	}
	return b
}

// reserve makes room for operations of a few steps.
func (b *block) reserve(n int) {
	columns := make([]int32, 4*n)
	b.process, b.invoked, b.returned, b.first = columns[:0:n], columns[n:n:2*n], columns[2*n:2*n:3*n], columns[3*n:3*n]
	b.outcome = make([]history.Type, 0, n)
	b.kind, b.key, b.value, b.saw = make([]Kind, 0, 3*n), make([]int32, 0, 3*n), make([]Element, 0, 3*n), make([]int32, 0, 3*n)
}

func (b *block) operation(op *history.Operation, t int32) {
	b.process = append(b.process, op.Process)
	b.invoked = append(b.invoked, op.Invoked)
	b.returned = append(b.returned, returned(op))
	b.outcome = append(b.outcome, op.Outcome)
	b.first = append(b.first, int32(len(b.kind)))
	if op.F != "txn" {
		b.malform(t, op.Input, fmt.Sprintf("%q is not the function of a transaction, which is txn", op.F))
		return
	}
	steps, answered := op.Input, false
	if op.Outcome == history.OK && op.Output.Kind() != history.None {
		if answered = isList(op.Output); answered {
			steps = op.Output
		} else {
			b.malform(t, op.Output, "the answer is no list of steps")
		}
	}
	if !isList(steps) {
		b.malform(t, steps, "a transaction is a list of steps")
		return
	}
	understood := b.understands(t, steps, answered)
	for i := range steps.Len() {
		if step := steps.At(i); understood || b.model.refuses(step, answered) == "" && step.At(0).Word() == b.model.writes() {
			b.step(step, answered)
		}
	}
}

// returned is the position of the completion of an operation, if it is known to have ended.
func returned(op *history.Operation) int32 {
	if op.Outcome == history.Info {
		return Never
	}
	return op.Returned
}

func isList(v history.Value) bool { return v.Kind() == history.List || v.Kind() == history.Pair }

func (b *block) malform(t int32, v history.Value, reason string) {
	b.malformed = append(b.malformed, Malformed{t, v, reason})
	b.obscure = b.obscure || b.outcome[len(b.outcome)-1] != history.Fail
}

// understands notes which steps of a transaction are none. If there are any its reads are of no use: they may have seen what those did.
func (b *block) understands(t int32, steps history.Value, answered bool) bool {
	all := true
	for i := range steps.Len() {
		if reason := b.model.refuses(steps.At(i), answered); reason != "" {
			b.malform(t, steps.At(i), reason)
			all = false
		}
	}
	return all
}

// refuses says why a value is no step; empty if it is one. What reads hold counts only if they were answered.
func (m Model) refuses(v history.Value, answered bool) (reason string) {
	if !isList(v) || v.Len() != 3 {
		return fmt.Sprintf("a step of %v is a list of its name, a key and a value", m)
	}
	key, value := v.At(1), v.At(2)
	switch name := v.At(0).Word(); {
	case name == "r":
		if answered && m == ListAppend && !isList(value) && value.Kind() != history.Nil {
			return "what is read of a list is a list or nothing"
		}
	case name == m.writes():
	case name == "scan":
		return m.refusesScan(key, value, answered)
	default:
		return fmt.Sprintf("%s is no step of %v", v.At(0).Shown(), m)
	}
	return ""
}

func (m Model) refusesScan(prefix, value history.Value, answered bool) (reason string) {
	switch k := prefix.Kind(); {
	case k != history.Text && k != history.Literal:
		return "a scan has the prefix of keys, which is a text"
	case !answered:
		return ""
	case value.Kind() != history.Map && value.Kind() != history.Nil:
		return "what a scan finds is a map of keys and values"
	}
	for i := 1; i < value.Len() && m == ListAppend; i += 2 {
		if !isList(value.At(i)) {
			return "what a scan finds of a list is a list"
		}
	}
	return ""
}

// writes is the name of a step that writes.
func (m Model) writes() string {
	if m == ListAppend {
		return "append"
	}
	return "w"
}

// step decodes a step.
func (b *block) step(v history.Value, answered bool) {
	key, value := v.At(1), v.At(2)
	switch name := v.At(0).Word(); {
	case name == "scan":
		b.scan(key, value, answered)
	case name == b.model.writes():
		k := b.keyOf(key)
		b.add(Write, k, element(value, &b.others[k]), Unread)
	case answered:
		b.found(Read, b.keyOf(key), value)
	default:
		b.add(Read, b.keyOf(key), 0, Unread)
	}
}

// found adds a read whose answer is known.
func (b *block) found(kind Kind, key int32, value history.Value) {
	if b.model == RWRegister {
		b.add(kind, key, element(value, &b.others[key]), Initial)
		return
	}
	if value.Len() == 0 {
		b.add(kind, key, 0, Initial)
		return
	}
	b.list = b.list[:0]
	for _, n := range value.Ints() {
		b.list = append(b.list, element(history.IntValue(n), &b.others[key]))
	}
	for i := len(b.list); i < value.Len(); i++ {
		b.list = append(b.list, element(value.At(i), &b.others[key]))
	}
	b.add(kind, key, Element(len(b.list)), b.lists[key].place(b.list))
}

func (b *block) scan(prefix, value history.Value, answered bool) {
	p := b.prefixes.Of(history.TextValue(prefix.Word()))
	if !answered {
		b.add(Scan, p, 0, Unread)
		return
	}
	b.add(Scan, p, 0, Initial)
	for i := 0; i < value.Len(); i += 2 {
		b.found(Scanned, b.keyOf(value.At(i)), value.At(i+1))
	}
}

func (b *block) add(kind Kind, key int32, value Element, saw int32) {
	b.kind = append(b.kind, kind)
	b.key = append(b.key, key)
	b.value = append(b.value, value)
	b.saw = append(b.saw, saw)
}

// keyOf numbers a key.
func (b *block) keyOf(v history.Value) int32 {
	k := b.keys.Of(v)
	if int(k) == len(b.others) {
		b.others = append(b.others, nil)
		b.lists = append(b.lists, nil)
	}
	return k
}
