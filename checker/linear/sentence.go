package linear

import (
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// The anomalies that are known by heart.
const (
	thinAirRead  = "thin-air read"
	futureRead   = "future read"
	lostUpdate   = "lost update"
	takenTwice   = "taken twice"
	staleRead    = "stale read"
	missed       = "missed element"
	reordered    = "reordered"
	contradicted = "contradicting reads"
	duplicated   = "duplicated element"
)

// comparedMost bounds the operations that are compared with each other to find a known anomaly. No anomaly takes more than a few.
const comparedMost = 32

// describe says why the operations cannot be linearized, and which of the known anomalies that is, if it is one.
func (o *object) describe() (anomaly, sentence string) {
	patterns := []func(*object) (anomaly, sentence string){
		(*object).nobodyPut, (*object).beforeIt, (*object).twoSuccessors, (*object).overwritten,
		(*object).notEmpty, (*object).overtaken, (*object).overlooked, (*object).untold,
	}
	if o.model.drop != nil && !o.appended && len(o.items) <= comparedMost {
		for _, pattern := range patterns {
			if anomaly, sentence = pattern(o); sentence != "" {
				return anomaly, sentence
			}
		}
	}
	last := 0
	for i := range o.items {
		if !o.items[i].pending && (o.items[last].pending || o.items[i].ret > o.items[last].ret) {
			last = i
		}
	}
	if len(o.items) == 1 {
		return "", fmt.Sprintf("%s%s has no order even alone", o.who(0), o.on())
	}
	return "", fmt.Sprintf("%s fits into no order of these %s%s", o.who(last), wording.Count(len(o.items), "operation"), o.on())
}

// on names the object, if it has a name.
func (o *object) on() string {
	if o.name == "" {
		return ""
	}
	return " on " + clip(o.name)
}

// who names an operation in a sentence: "process 7's read of 3".
func (o *object) who(i int) string {
	op := o.op(i)
	text := clip(op.F)
	switch {
	case op.F == "cas" && op.Outcome == history.Fail:
		expected, next, _ := twoValues(op.Input)
		text = "failed cas " + short(expected) + " → " + short(next)
	case op.F == "cas":
		text = o.text(i)
	case op.Outcome == history.OK && !asked(op) && checker.Answered(op):
		text += " of " + short(op.Output)
	case asked(op):
		text += " of " + short(op.Input)
	}
	return fmt.Sprintf("process %d's %s", op.Process, text)
}

// saw says what an operation saw, and where: "process 7 read x = 3".
func (o *object) saw(i int, v int32) string {
	op, value := o.op(i), short(o.values.value(v))
	switch {
	case o.items[i].action == reads && op.F == "read" && o.name == "":
		return fmt.Sprintf("process %d read %s", op.Process, value)
	case o.items[i].action == reads && op.F == "read":
		return fmt.Sprintf("process %d read %s = %s", op.Process, clip(o.name), value)
	case op.F == "cas":
		expected, next, _ := twoValues(op.Input)
		return fmt.Sprintf("process %d's cas %s → %s%s found %s", op.Process, short(expected), short(next), o.on(), value)
	case o.model.registers:
		return fmt.Sprintf("process %d's %s%s found %s", op.Process, clip(op.F), o.on(), value)
	default:
		return o.who(i) + o.on()
	}
}

// after says how long after the return of j the operation i began, see wording.After.
func (o *object) after(i, j int) string {
	return wording.After(o.op(i).Invoke - o.op(j).Return)
}

// producerOf finds the only item that produces a value; none if there is not exactly one.
func (o *object) producerOf(v int32) int {
	found := none
	for i := range o.items {
		if w, ok := o.items[i].produces(); ok && w == v {
			if found != none {
				return none
			}
			found = i
		}
	}
	return found
}

// observed calls yield for each item that certainly observed a value, with that value.
func (o *object) observed(yield func(i int, v int32) bool) {
	for i := range o.items {
		if v, ok := o.items[i].observes(); ok && !o.items[i].pending && !yield(i, v) {
			return
		}
	}
}

// nobodyPut: a value was observed that nothing produces.
func (o *object) nobodyPut() (anomaly, sentence string) {
	for i, v := range o.observed {
		produced := slices.ContainsFunc(o.items, func(it item) bool { w, ok := it.produces(); return ok && w == v })
		if !produced && !o.mayHoldFirst(v) {
			return thinAirRead, fmt.Sprintf("%s, which nothing %s", o.saw(i, v), o.verb())
		}
	}
	return "", ""
}

// verb is how a value comes to be in the object.
func (o *object) verb() string {
	if o.model.registers {
		return "wrote"
	}
	return "put there"
}

// beforeIt: a value was observed by what returned before its only producer was invoked.
func (o *object) beforeIt() (anomaly, sentence string) {
	for i, v := range o.observed {
		w := o.producerOf(v)
		if w != none && w != i && !o.mayHoldFirst(v) && o.items[i].ret < o.items[w].call {
			return futureRead, fmt.Sprintf("%s, and returned before %s began", o.saw(i, v), o.who(w))
		}
	}
	return "", ""
}

// twoSuccessors: two operations took the same value away, and it was there once.
func (o *object) twoSuccessors() (anomaly, sentence string) {
	takers := map[int32]int{}
	for i, v := range o.observed {
		if o.items[i].action == reads {
			continue
		}
		j, before := takers[v]
		if before && (o.producerOf(v) != none || o.mayHoldFirst(v)) {
			anomaly = takenTwice
			if o.model.registers {
				anomaly = lostUpdate
			}
			return anomaly, fmt.Sprintf("%s and %s%s both took %s, which was there only once", o.who(j), o.who(i), o.on(), short(o.values.value(v)))
		}
		takers[v] = i
	}
	return "", ""
}

// overwritten: a value was observed by what began after another one had come, for certain, in its place.
func (o *object) overwritten() (anomaly, sentence string) {
	if !o.model.registers {
		return "", ""
	}
	for i, v := range o.observed {
		w := o.producerOf(v)
		if w == none && !o.mayHoldFirst(v) {
			continue
		}
		for j := range o.items {
			u, produces := o.items[j].produces()
			after := w == none || w != j && o.items[w].ret < o.items[j].call
			if !produces || u == v || !after {
				continue
			}
			if s := o.replaced(i, j, u, v); s != "" {
				return staleRead, s
			}
		}
	}
	return "", ""
}

// replaced finds what shows that u, which j put after v was there, had come when i began, which saw v.
func (o *object) replaced(i, j int, u, v int32) string {
	begin := o.items[i].call
	if o.items[j].ret < begin {
		return fmt.Sprintf("%s%s %s had returned", o.saw(i, v), o.after(i, j), o.who(j))
	}
	for k, seen := range o.observed {
		if seen == u && k != i && o.items[k].ret < begin && o.producerOf(u) == j {
			return fmt.Sprintf("%s%s %s had returned, which saw a later value", o.saw(i, v), o.after(i, k), o.who(k))
		}
	}
	return ""
}
