package opinion

import (
	"slices"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// specification is what one object does when its operations come one at a time.
type specification struct {
	initial any
	// holding is the state of an object that holds a value at first; ok is false if the specification does not know it. It is nil for one that
	// knows no such value.
	holding func(history.Value) (state any, ok bool)
	// read makes an operation an effect; nil if it neither did nor saw anything. ok is false for an operation that the specification
	// does not know, so that porcupine cannot be asked about its object.
	read  func(*history.Operation) (e effect, ok bool)
	equal func(a, b any) bool // nil for ==
}

// beginning is the state in which the object of a key begins.
func (s *specification) beginning(i checker.Initial, key string) (state any, ok bool) {
	v := i.Of(key)
	switch {
	case !i.Given():
		return s.initial, true
	case s.holding == nil: // the names of a multi-register's values are those of registers, and not of keys
		return nil, false
	case v.Kind() == history.None:
		return s.initial, true
	default:
		return s.holding(v)
	}
}

// effect takes an object from one state to the next, unless the operation is impossible in that state.
//
// An operation whose outcome is unknown may take effect at any time after its invocation, or never. Porcupine must put each operation
// somewhere, and its interval has no end. So never is the place behind all others, where nobody sees what it does, and its effect
// must be possible there: it leaves a state alone in which it would have been refused.
type effect func(state any) (next any, possible bool)

// operations are the effects of operations, and when they may take place. ok is false if the specification does not know one of them.
func (s *specification) operations(all []history.Operation) (effects []porcupine.Operation, ok bool) {
	effects = make([]porcupine.Operation, 0, len(all))
	for i := range all {
		op := &all[i]
		effect, ok := s.read(op)
		if !ok {
			return nil, false
		}
		if effect == nil {
			continue
		}
		end := int64(op.Returned)
		if op.Outcome == history.Info {
			end = 1 << 32 // beyond all positions: it may take effect at any time, or after everything, where nobody sees it
		}
		effects = append(effects, porcupine.Operation{Input: effect, Call: int64(op.Invoked), Return: end})
	}
	return effects, true
}

// bytesPerRegister is what a register takes in a state, its name and its value apart: they are those of operations.
const bytesPerRegister = 64

// sizeOf is how many bytes a state takes at most.
func sizeOf(state any) int64 {
	switch state := state.(type) {
	case string:
		return int64(len(state))
	case registers:
		return bytesPerRegister * int64(len(state))
	default:
		return 0
	}
}

// specifications are those of the models of package linear, by name.
var specifications = map[string]specification{
	"register":        {initial: null, holding: holdingValue, read: register},
	"cas-register":    {initial: null, holding: holdingValue, read: register},
	"kv":              {initial: "", holding: holdingText, read: text},
	"counter":         {initial: int64(0), holding: holdingCount, read: count},
	"mutex":           {initial: false, holding: holdingLock, read: lock},
	"set":             {initial: "", holding: holdingElements, read: elements},
	"fifo-queue":      {initial: "", holding: holdingList, read: container("enqueue", "dequeue", first)},
	"stack":           {initial: "", holding: holdingList, read: container("push", "pop", last)},
	"unordered-queue": {initial: "", holding: holdingList, read: container("enqueue", "dequeue", anywhere)},
	"priority-queue":  {initial: "", holding: holdingList, read: container("insert", "delete-min", smallest)},
	"multi-register":  {initial: registers(nil), read: transaction, equal: sameRegisters},
}

func holdingValue(v history.Value) (any, bool) { return v.String(), true }

func holdingText(v history.Value) (any, bool) {
	s, ok := v.Text()
	return s, ok
}

func holdingCount(v history.Value) (any, bool) {
	n, ok := v.Int()
	return n, ok
}

// holdingLock is whether the mutex is locked.
func holdingLock(v history.Value) (any, bool) {
	literal, ok := v.Literal()
	return literal == "true", ok && (literal == "true" || literal == "false")
}

func holdingList(v history.Value) (any, bool) {
	list, ok := v.List()
	state := ""
	for _, e := range list {
		state += e.String() + separator
	}
	return state, ok
}

func holdingElements(v history.Value) (any, bool) {
	all, ok := listOrSet(v)
	return joined(all, true), ok
}

// null is what an unwritten register holds. All other values are known by their JSON too, of which each has one.
const null = "null"

// becomes is the effect of what makes the state next, whatever it was.
func becomes(next any) effect { return func(any) (any, bool) { return next, true } }

// sees is the effect of what returned the state.
func sees(seen any) effect { return func(state any) (any, bool) { return state, state == seen } }

// unlessFailed is the effect of an operation that did nothing if it failed.
func unlessFailed(op *history.Operation, e effect) effect {
	if op.Outcome == history.Fail {
		return nil
	}
	return e
}

// register reads an operation of a register.
func register(op *history.Operation) (effect, bool) {
	switch op.F {
	case "read":
		if op.Outcome != history.OK {
			return nil, true
		}
		return sees(op.Output.String()), op.Output.Kind() != history.None
	case "write":
		return unlessFailed(op, becomes(op.Input.String())), op.Input.Kind() != history.None
	case "delete":
		return unlessFailed(op, becomes(null)), true
	case "cas":
		pair, ok := op.Input.List()
		if !ok || len(pair) != 2 {
			return nil, false
		}
		return swap(op, pair[0].String(), pair[1].String()), true
	default:
		return nil, false
	}
}

// swap is the effect of a cas.
func swap(op *history.Operation, from, to string) effect {
	switch {
	case op.Outcome == history.OK:
		return func(state any) (any, bool) { return to, state == from }
	case op.Outcome == history.Info:
		return func(state any) (any, bool) {
			if state == from {
				return to, true
			}
			return state, true
		}
	case !op.Compared():
		return nil
	case op.Output.Kind() == history.None:
		return func(state any) (any, bool) { return state, state != from }
	default:
		found := op.Output.String()
		return func(state any) (any, bool) { return state, state == found && found != from }
	}
}

// text reads an operation of a store of texts. Only texts and null are known.
func text(op *history.Operation) (effect, bool) {
	value := op.Input
	if op.F == "get" {
		value = op.Output
	}
	s, ok := value.Text()
	ok = ok || value.Kind() == history.Nil
	switch {
	case op.F == "get" && op.Outcome != history.OK:
		return nil, true
	case op.F == "get":
		return sees(s), ok
	case op.F == "put":
		return unlessFailed(op, becomes(s)), ok
	case op.F == "append" && value.Kind() == history.Text:
		return unlessFailed(op, func(state any) (any, bool) { return state.(string) + s, true }), true
	default:
		return nil, false
	}
}

// count reads an operation of a counter.
func count(op *history.Operation) (effect, bool) {
	value := op.Input
	if op.F == "read" {
		value = op.Output
	}
	n, ok := value.Int()
	if k := value.Kind(); (op.F == "inc" || op.F == "dec") && (k == history.None || k == history.Nil) {
		n, ok = 1, true
	}
	switch op.F {
	case "read":
		if op.Outcome != history.OK {
			return nil, true
		}
		return sees(n), ok
	case "dec":
		n = -n
		fallthrough
	case "add", "inc":
		return unlessFailed(op, func(state any) (any, bool) { return state.(int64) + n, true }), ok
	default:
		return nil, false
	}
}

// lock reads an operation of a mutex, which is held or not.
func lock(op *history.Operation) (effect, bool) {
	before := op.F == "release"
	pending := op.Outcome == history.Info
	turn := func(state any) (any, bool) {
		if state == before {
			return !before, true
		}
		return state, pending
	}
	return unlessFailed(op, turn), op.F == "acquire" || op.F == "release"
}

// separator ends each element of a container: JSON has no such byte.
const separator = "\n"

// elements reads an operation of a set. A state is its elements in order.
func elements(op *history.Operation) (effect, bool) {
	switch op.F {
	case "add":
		added := op.Input.String()
		return unlessFailed(op, func(state any) (any, bool) {
			held := strings.SplitAfter(state.(string), separator)
			held = held[:len(held)-1] // what follows the last separator
			at, found := slices.BinarySearch(held, added+separator)
			if found {
				return state, true
			}
			return strings.Join(slices.Insert(held, at, added+separator), ""), true
		}), op.Input.Kind() != history.None
	case "read":
		if op.Outcome != history.OK {
			return nil, true
		}
		all, ok := listOrSet(op.Output)
		return sees(joined(all, false)), ok
	default:
		return nil, false
	}
}

func listOrSet(v history.Value) (all []history.Value, ok bool) {
	if set, ok := v.Set(); ok {
		return set, true
	}
	return v.List()
}

// joined is the state of a set with these elements. A read that returns one twice saw no such state, unless only once is what counts.
func joined(all []history.Value, once bool) string {
	texts := make([]string, len(all))
	for i, v := range all {
		texts[i] = v.String() + separator
	}
	slices.Sort(texts)
	if once {
		texts = slices.Compact(texts)
	}
	return strings.Join(texts, "")
}

// container reads an operation of what holds elements until they are taken out. A state is the elements in the order in which they
// came. Whether null is an element or the absence of one, an operation does not tell.
func container(insert, remove string, take func(state, v string) (string, bool)) func(*history.Operation) (effect, bool) {
	return func(op *history.Operation) (effect, bool) {
		switch {
		case op.F == insert:
			v := op.Input.String() + separator
			return unlessFailed(op, func(state any) (any, bool) { return state.(string) + v, true }),
				op.Input.Kind() != history.None && op.Input.Kind() != history.Nil
		case op.F != remove || op.Outcome == history.Info: // which element an unknown removal takes is a choice
			return nil, false
		case op.Outcome == history.Fail:
			return nil, true
		case op.Output.Kind() == history.Nil:
			return sees(""), true
		default:
			v := op.Output.String() + separator
			return func(state any) (any, bool) {
				rest, ok := take(state.(string), v)
				return rest, ok
			}, op.Output.Kind() != history.None
		}
	}
}

func first(state, v string) (string, bool) { return strings.CutPrefix(state, v) }

// last takes an element from the end, where the one before it must end too.
func last(state, v string) (string, bool) {
	rest, ok := strings.CutSuffix(state, v)
	return rest, ok && (rest == "" || strings.HasSuffix(rest, separator))
}

// smallest takes an element that is an integer out, unless there is a smaller one.
func smallest(state, v string) (string, bool) {
	n := integer(v)
	for e := range strings.SplitAfterSeq(state, separator) {
		if e != "" && integer(e) < n {
			return state, false
		}
	}
	return anywhere(state, v)
}

// integer is an element that is one. Others are refused before porcupine is asked.
func integer(element string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSuffix(element, separator), 10, 64)
	return n
}

func anywhere(state, v string) (string, bool) {
	held := strings.SplitAfter(state, separator)
	at := slices.Index(held, v)
	if at < 0 {
		return state, false
	}
	rest := slices.Delete(held, at, at+1)
	slices.Sort(rest)
	return strings.Join(rest, ""), true
}
