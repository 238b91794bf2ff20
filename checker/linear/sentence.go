package linear

import (
	"fmt"
	"slices"

	"faultline/history"
	"faultline/internal/wording"
)

// sentence says why the operations have no order, if they show one of the patterns known by heart.
func (o *object) sentence() string {
	patterns := []func(*object) string{
		(*object).nobodyPut, (*object).beforeIt, (*object).twoSuccessors, (*object).overwritten,
		(*object).notEmpty, (*object).overtaken, (*object).untold,
	}
	if o.model.drop != nil && !o.appended {
		for _, pattern := range patterns {
			if s := pattern(o); s != "" {
				return s
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
		return fmt.Sprintf("%s cannot be on its own", o.who(0))
	}
	return fmt.Sprintf("%s fits into no order of these %s", o.who(last), wording.Count(len(o.items), "operation"))
}

// who names an operation in a sentence: "read of 3 by process 7".
func (o *object) who(i int) string {
	op := o.op(i)
	text := clip(op.F)
	switch {
	case op.F == "cas":
		text = o.text(i)
	case op.Outcome == history.OK && !asked(op) && op.Output.Kind() != history.None:
		text += " of " + short(op.Output)
	case asked(op):
		text += " of " + short(op.Input)
	}
	return fmt.Sprintf("%s by process %d", text, op.Process)
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
func (o *object) nobodyPut() string {
	for i, v := range o.observed {
		produced := slices.ContainsFunc(o.items, func(it item) bool { w, ok := it.produces(); return ok && w == v })
		if !produced && !(o.model.registers && v == 0) {
			return fmt.Sprintf("%s saw %s, which nothing %s", o.who(i), short(o.values.value(v)), o.verb())
		}
	}
	return ""
}

// verb is how a value comes to be in the object.
func (o *object) verb() string {
	if o.model.registers {
		return "wrote"
	}
	return "put there"
}

// beforeIt: a value was observed by what returned before its only producer was invoked.
func (o *object) beforeIt() string {
	for i, v := range o.observed {
		w := o.producerOf(v)
		if w != none && w != i && !(o.model.registers && v == 0) && o.items[i].ret < o.items[w].call {
			return fmt.Sprintf("%s had returned before %s began", o.who(i), o.who(w))
		}
	}
	return ""
}

// twoSuccessors: two operations took the same value away, and it was there once.
func (o *object) twoSuccessors() string {
	takers := map[int32]int{}
	for i, v := range o.observed {
		if o.items[i].action == reads {
			continue
		}
		j, before := takers[v]
		if before && (o.producerOf(v) != none || v == 0 && o.model.registers) {
			return fmt.Sprintf("%s and %s both took %s, which was there only once", o.who(j), o.who(i), short(o.values.value(v)))
		}
		takers[v] = i
	}
	return ""
}

// overwritten: a value was observed by what began after another one had come, for certain, in its place.
func (o *object) overwritten() string {
	if !o.model.registers {
		return ""
	}
	for i, v := range o.observed {
		w := o.producerOf(v)
		if w == none && v != 0 {
			continue
		}
		for j := range o.items {
			u, produces := o.items[j].produces()
			after := w == none || w != j && o.items[w].ret < o.items[j].call
			if !produces || u == v || !after {
				continue
			}
			if s := o.replaced(i, j, u, v); s != "" {
				return s
			}
		}
	}
	return ""
}

// replaced finds what shows that u, which j put after v was there, had come when i began, which saw v.
func (o *object) replaced(i, j int, u, v int32) string {
	again := fmt.Sprintf(", and nothing wrote %s again", short(o.values.value(v)))
	if v == 0 {
		again = ""
	}
	begin := o.items[i].call
	if o.items[j].ret < begin {
		return fmt.Sprintf("%s began after %s had returned%s", o.who(i), o.who(j), again)
	}
	for k, seen := range o.observed {
		if seen == u && k != i && o.items[k].ret < begin && o.producerOf(u) == j {
			return fmt.Sprintf("%s began after %s had returned, which saw a later value%s", o.who(i), o.who(k), again)
		}
	}
	return ""
}
