package linear

import (
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/history"
)

// MultiRegister is several registers, null at first, that an operation reads and writes together. Its
// functions are read, write and txn. The value is a map from registers to values, as in Knossos:
//
//	read   the output is what the registers hold
//	write  the registers hold what the input says
//
// or, of any function, a list of steps [:r register value] and [:w register value], which happen one
// after the other, as one operation. A failed operation did nothing and says nothing. Of one that ended
// in info only its writes count.
func MultiRegister() Model {
	return Model{
		name: "multi-register", functions: []string{"read", "write", "txn"}, read: readMulti,
		machine: func(o *object) machine { return newMultiMachine(o) },
		split:   splitRegisters,
		drop:    dropTransactions,
	}
}

// A transaction is a list of steps, three numbers each.
const (
	stepReads = iota
	stepWrites
)

func readMulti(o *object, op *history.Operation, it *item) (says bool, err error) {
	if !slices.Contains(o.model.functions, op.F) {
		return false, fmt.Errorf("a multi-register has read, write and txn only")
	}
	if op.Outcome == history.Fail {
		return false, nil
	}
	value := op.Output
	if op.Outcome == history.Info || value.Kind() == history.None {
		value = op.Input
	}
	steps, err := o.readSteps(op.F, value, op.Outcome == history.Info)
	if err != nil || len(steps) == 0 {
		return false, err
	}
	o.lists = append(o.lists, steps)
	it.action, it.want = transacts, int32(len(o.lists)-1)
	return true, nil
}

// readSteps reads a transaction; of one whose outcome is unknown the writes.
func (o *object) readSteps(f string, value history.Value, writesOnly bool) (steps []int32, err error) {
	add := func(kind int32, register, v history.Value) {
		if kind == stepWrites || !writesOnly {
			steps = append(steps, kind, o.values.number(register), o.values.number(v))
		}
	}
	if entries, ok := value.Map(); ok && f != "txn" {
		kind := int32(stepReads)
		if f == "write" {
			kind = stepWrites
		}
		for _, e := range entries {
			add(kind, e[0], e[1])
		}
		return steps, nil
	}
	list, ok := value.List()
	if !ok {
		if writesOnly && f == "read" {
			return nil, nil
		}
		return nil, fmt.Errorf("%s is neither a map nor a list of steps", short(value))
	}
	for _, step := range list {
		parts, _ := step.List()
		if len(parts) != 3 {
			return nil, fmt.Errorf("%s is not a step [:r register value] or [:w register value]", short(step))
		}
		switch name := parts[0].Word(); name {
		case "r", "read":
			add(stepReads, parts[1], parts[2])
		case "w", "write":
			add(stepWrites, parts[1], parts[2])
		default:
			return nil, fmt.Errorf("step %s neither reads nor writes", short(step))
		}
	}
	return steps, nil
}

// multiMachine is the sequential specification. Its state is the number of the list of what the
// registers hold.
type multiMachine struct {
	object *object
	at     map[int32]int // register → position in the list
	lists  numbered
	next   []int32
}

func newMultiMachine(o *object) *multiMachine {
	m := &multiMachine{object: o, at: map[int32]int{}, lists: numbered{allowance: o.allowance}}
	for i := range o.items {
		for step := range slices.Chunk(o.lists[o.items[i].want], 3) {
			if _, known := m.at[step[1]]; !known {
				m.at[step[1]] = len(m.at)
			}
		}
	}
	first := make([]int32, len(m.at))
	for register, at := range m.at {
		first[at] = o.startOf(register)
	}
	m.lists.number(first)
	return m
}

// startOf is what a register holds at first.
func (o *object) startOf(register int32) int32 {
	v := o.model.initial.Under(o.values.value(register))
	if v.Kind() == history.None {
		return 0
	}
	return o.values.number(v)
}

func (m *multiMachine) initial() int32 { return 0 }

func (m *multiMachine) after(state int32, it *item, to []int32) []int32 {
	held := append(m.next[:0], m.lists.list(state)...)
	m.next = held
	steps := m.object.lists[it.want]
	m.object.allowance.spend(1 + len(steps)/2)
	for step := range slices.Chunk(steps, 3) {
		at := m.at[step[1]]
		if step[0] == stepWrites {
			held[at] = step[2]
		} else if held[at] != step[2] {
			return to
		}
	}
	next, _ := m.lists.number(held)
	return append(to, next)
}

func (m *multiMachine) pure(it *item) bool {
	for step := range slices.Chunk(m.object.lists[it.want], 3) {
		if step[0] == stepWrites {
			return false
		}
	}
	return true
}

func (m *multiMachine) describe(state int32) string {
	return m.object.values.describe(m.lists.list(state))
}

// splitRegisters takes apart registers that no transaction reads or writes together, directly or by way
// of others: they are independent objects. One of which every transaction has a single step is an
// ordinary register. It returns nothing if there is nothing to take apart.
func splitRegisters(o *object) []*object {
	leader := map[int32]int32{}
	var find func(int32) int32
	find = func(r int32) int32 {
		l, ok := leader[r]
		if !ok || l == r {
			leader[r] = r
			return r
		}
		leader[r] = find(l)
		return leader[r]
	}
	single := map[int32]bool{}
	for i := range o.items {
		steps := o.lists[o.items[i].want]
		o.allowance.spend(len(steps))
		for step := range slices.Chunk(steps, 3) {
			leader[find(step[1])] = find(steps[1])
		}
	}
	byLeader := map[int32][]int32{}
	var leaders []int32
	for i := range o.items {
		steps := o.lists[o.items[i].want]
		l := find(steps[1])
		if byLeader[l] == nil {
			leaders = append(leaders, l)
			single[l] = true
		}
		single[l] = single[l] && len(steps) == 3
		byLeader[l] = append(byLeader[l], int32(i))
	}
	if len(leaders) == 1 && !single[leaders[0]] {
		return nil
	}
	var parts []*object
	for _, l := range leaders {
		part := &object{name: o.name, model: o.model, ops: o.ops, values: o.values, lists: o.lists, count: len(byLeader[l])}
		if single[l] {
			m := singleRegister(o.model.initial.For(o.values.value(o.lists[o.items[byLeader[l][0]].want][1])))
			part.model, part.name = &m, strings.TrimSpace(o.name+" "+registerName(o.values.value(l)))
		}
		part.begin()
		for _, i := range byLeader[l] {
			part.items, part.refs = append(part.items, o.items[i]), append(part.refs, o.refs[i])
			if single[l] {
				asRegister(&part.items[len(part.items)-1], o.lists)
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// singleRegister is a register of which every transaction has a single step.
func singleRegister(first checker.Initial) Model {
	m := CASRegister()
	m.initial = first
	m.functions = MultiRegister().functions
	m.read = func(o *object, op *history.Operation, it *item) (says bool, err error) {
		if says, err = readMulti(o, op, it); says {
			asRegister(it, o.lists)
		}
		return says, err
	}
	return m
}

// registerName is what people call a register.
func registerName(register history.Value) string {
	if name := register.Word(); name != "" {
		return name
	}
	return short(register)
}

// asRegister makes a transaction of one step an item of an ordinary register.
func asRegister(it *item, lists [][]int32) {
	step := lists[it.want]
	if step[0] == stepWrites {
		it.action, it.want, it.put = writes, 0, step[2]
	} else {
		it.action, it.want = reads, step[2]
	}
}
