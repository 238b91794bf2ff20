package oracle

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Specs are the specifications of all objects, by the names of linear.Models. Each says what the documentation of
// the model of that name says.
func Specs() []Spec {
	return []Spec{
		{Name: "register", Initial: "nil", Step: register},
		{Name: "cas-register", Initial: "nil", Step: register},
		{Name: "kv", Initial: "", Step: text},
		{Name: "set", Initial: "", Step: set},
		{Name: "fifo-queue", Initial: "", Step: fifo},
		{Name: "unordered-queue", Initial: "", Step: unordered},
		{Name: "stack", Initial: "", Step: stack},
		{Name: "priority-queue", Initial: "", Step: priorities},
		{Name: "counter", Initial: "0", Step: counter},
		{Name: "mutex", Initial: "free", Step: mutex},
		{Name: "multi-register", Initial: "", Step: registers},
	}
}

// SpecByName is the specification of that name.
func SpecByName(name string) Spec {
	for _, s := range Specs() {
		if s.Name == name {
			return s
		}
	}
	panic("oracle: no specification of " + name)
}

// Beginning is the specification of an object that holds a value at first: elements are a list, registers a map, and a mutex
// is true if it is held.
func (s Spec) Beginning(v Value) Spec {
	switch s.Name {
	case "kv":
		s.Initial = v.Text()
	case "set", "unordered-queue":
		s.Initial = sorted(canons(v.items))
	case "fifo-queue", "stack", "priority-queue":
		s.Initial = glue(canons(v.items))
	case "mutex":
		s.Initial = map[string]string{"true": "held", "false": "free"}[v.canon]
	case "multi-register":
		var entries []string
		for i := 0; i < len(v.items); i += 2 {
			entries = append(entries, v.items[i].canon+"\t"+v.items[i+1].canon)
		}
		s.Initial = sorted(entries)
	default:
		s.Initial = v.canon
	}
	return s
}

// register holds the canonical text of its value.
func register(state string, op *Operation) []string {
	switch op.F {
	case "read":
		return only(op.Outcome == Info || op.Output.canon == state, state)
	case "write":
		return []string{op.Input.canon}
	case "delete":
		return []string{"nil"}
	case "cas":
		old, value := op.Input.items[0].canon, op.Input.items[1].canon
		switch {
		case op.Compared:
			return only(state != old && (op.Output.kind == None || op.Output.canon == state), state)
		case op.Outcome == OK:
			return only(state == old, value)
		case state == old:
			return []string{value}
		}
		return []string{state}
	}
	panic(unknown(op))
}

// text holds the text itself.
func text(state string, op *Operation) []string {
	switch op.F {
	case "get":
		if op.Outcome == Info {
			return []string{state}
		}
		if op.Output.kind == Nil {
			return only(state == "", state)
		}
		return only(op.Output.Text() == state, state)
	case "put":
		return []string{op.Input.Text()}
	case "append":
		return []string{state + op.Input.Text()}
	}
	panic(unknown(op))
}

// set holds its elements in order.
func set(state string, op *Operation) []string {
	elements := split(state)
	switch op.F {
	case "add":
		if slices.Contains(elements, op.Input.canon) {
			return []string{state}
		}
		return []string{sorted(append(elements, op.Input.canon))}
	case "read":
		return only(op.Outcome == Info || sorted(canons(op.Output.items)) == state, state)
	}
	panic(unknown(op))
}

// fifo holds its elements, the first one first.
func fifo(state string, op *Operation) []string {
	elements := split(state)
	switch op.F {
	case "enqueue":
		return []string{glue(append(elements, op.Input.canon))}
	case "dequeue":
		return take(elements, 0, op)
	}
	panic(unknown(op))
}

// stack holds its elements, the top one last.
func stack(state string, op *Operation) []string {
	elements := split(state)
	switch op.F {
	case "push":
		return []string{glue(append(elements, op.Input.canon))}
	case "pop":
		return take(elements, len(elements)-1, op)
	}
	panic(unknown(op))
}

// priorities holds its elements, in the order in which they came.
func priorities(state string, op *Operation) []string {
	elements := split(state)
	switch op.F {
	case "insert":
		return []string{glue(append(elements, op.Input.canon))}
	case "delete-min":
		least := 0
		for i := range elements {
			if number(elements[i]).Cmp(number(elements[least])) < 0 {
				least = i
			}
		}
		return take(elements, least, op)
	}
	panic(unknown(op))
}

// unordered holds its elements in order of their texts.
func unordered(state string, op *Operation) []string {
	elements := split(state)
	switch op.F {
	case "enqueue":
		return []string{sorted(append(elements, op.Input.canon))}
	case "dequeue":
		if len(elements) == 0 {
			return take(elements, 0, op)
		}
		var states []string
		for i := range elements {
			states = append(states, take(elements, i, op)...)
		}
		return states
	}
	panic(unknown(op))
}

// take is the state after the element at a position was taken out, if that is what the operation returned.
func take(elements []string, at int, op *Operation) []string {
	if len(elements) == 0 {
		return only(op.Outcome == Info || op.Output.kind == Nil, "")
	}
	rest := slices.Delete(slices.Clone(elements), at, at+1)
	return only(op.Outcome == Info || op.Output.canon == elements[at], glue(rest))
}

// counter holds its count in decimal.
func counter(state string, op *Operation) []string {
	by := big.NewInt(1)
	if op.F != "read" && op.Input.kind == Int {
		by = number(op.Input.canon)
	}
	switch op.F {
	case "add", "inc":
		return []string{by.Add(number(state), by).String()}
	case "dec":
		return []string{by.Sub(number(state), by).String()}
	case "read":
		return only(op.Outcome == Info || op.Output.canon == state, state)
	}
	panic(unknown(op))
}

func number(decimal string) *big.Int {
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		panic("oracle: " + decimal + " is no integer")
	}
	return n
}

func mutex(state string, op *Operation) []string {
	switch op.F {
	case "acquire":
		return only(state == "free", "held")
	case "release":
		return only(state == "held", "free")
	}
	panic(unknown(op))
}

// registers holds an entry for each register that is not null, in order.
func registers(state string, op *Operation) []string {
	held := map[string]string{}
	for _, entry := range split(state) {
		name, value, _ := strings.Cut(entry, "\t")
		held[name] = value
	}
	known := op.Outcome == OK
	for _, step := range steps(op) {
		name, value := step.register.canon, step.value.canon
		if step.write {
			held[name] = value
			continue
		}
		is, ok := held[name]
		if !ok {
			is = "nil"
		}
		if known && is != value {
			return nil
		}
	}
	var entries []string
	for name, value := range held {
		if value != "nil" {
			entries = append(entries, name+"\t"+value)
		}
	}
	return []string{sorted(entries)}
}

type step struct {
	write           bool
	register, value Value
}

// steps are the reads and writes of a transaction: those of its output, which tells what was read, if it has one.
func steps(op *Operation) []step {
	told := op.Input
	if op.Outcome == OK && op.Output.kind != None {
		told = op.Output
	}
	var all []step
	switch told.kind {
	case Map:
		for i := 0; i < len(told.items); i += 2 {
			all = append(all, step{op.F == "write", told.items[i], told.items[i+1]})
		}
	case List:
		for _, s := range told.items {
			all = append(all, step{s.items[0].canon == ":w", s.items[1], s.items[2]})
		}
	}
	return all
}

func only(possible bool, state string) []string {
	if !possible {
		return nil
	}
	return []string{state}
}

// A state of several parts has each on a line of its own. No canonical text has a newline.

func split(state string) []string {
	if state == "" {
		return nil
	}
	return strings.Split(state, "\n")
}

func glue(parts []string) string { return strings.Join(parts, "\n") }

func sorted(parts []string) string {
	slices.Sort(parts)
	return glue(parts)
}

func canons(vs []Value) []string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.canon
	}
	return texts
}

func unknown(op *Operation) string { return fmt.Sprintf("oracle: no operation %s %v", op.F, op.Input) }
