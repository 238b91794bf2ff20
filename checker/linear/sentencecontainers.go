package linear

import (
	"fmt"
	"slices"
)

// takenBefore reports whether something that was invoked before a position may have taken a value out.
func (o *object) takenBefore(v, position int32) bool {
	return slices.ContainsFunc(o.items, func(it item) bool {
		return it.call < position && (it.action == removesAny || it.action == removes && it.want == v)
	})
}

// notEmpty: something found the container empty while a value was certainly in it.
func (o *object) notEmpty() (anomaly, sentence string) {
	for i := range o.items {
		for j := range o.items {
			in, e := &o.items[j], &o.items[i]
			if e.action == findsEmpty && in.action == inserts && in.ret < e.call && !o.takenBefore(in.put, e.ret) {
				return missed, fmt.Sprintf("%s%s found nothing, though %s had returned before, and nothing took %s out",
					o.who(i), o.on(), o.who(j), short(o.values.value(in.put)))
			}
		}
	}
	return "", ""
}

// overtaken: of two values in a queue that keeps its order, the later one came out first.
func (o *object) overtaken() (anomaly, sentence string) {
	if o.model.stage != stageQueueOrder {
		return "", ""
	}
	for i := range o.items {
		for j := range o.items {
			a, b := &o.items[i], &o.items[j]
			if a.action != inserts || b.action != inserts || a.ret >= b.call {
				continue
			}
			for k, v := range o.observed {
				if v == b.put && !o.takenBefore(a.put, o.items[k].ret) {
					return reordered, fmt.Sprintf("%s%s had returned before %s began, but %s had returned before anything took %s",
						o.who(i), o.on(), o.who(j), o.who(k), short(o.values.value(a.put)))
				}
			}
		}
	}
	return "", ""
}

// overlooked: an element came out of a priority queue while a smaller one was certainly in it.
func (o *object) overlooked() (anomaly, sentence string) {
	if o.model.stage != stagePriorities {
		return "", ""
	}
	for k, v := range o.observed {
		for i := range o.items {
			smaller := &o.items[i]
			if smaller.action == inserts && o.values.compareIntegers(smaller.put, v) < 0 && smaller.ret < o.items[k].call && !o.takenBefore(smaller.put, o.items[k].ret) {
				return reordered, fmt.Sprintf("%s%s, though %s had returned before, and nothing had taken %s out",
					o.who(k), o.on(), o.who(i), short(o.values.value(smaller.put)))
			}
		}
	}
	return "", ""
}

// untold: a read of a set lacks what was there, or tells what was not, or tells something twice, or two reads disagree.
func (o *object) untold() (anomaly, sentence string) {
	for i := range o.items {
		if o.items[i].action == repeats {
			v, _ := repeated(o.lists[o.items[i].want])
			return duplicated, fmt.Sprintf("%s%s tells %s twice", o.who(i), o.on(), short(o.values.value(v)))
		}
		if o.items[i].action != readsAll {
			continue
		}
		told := o.lists[o.items[i].want]
		for _, v := range told {
			if w := o.producerOf(v); w == none && !slices.ContainsFunc(o.items, func(it item) bool { return it.action == adds && it.put == v }) {
				return thinAirRead, fmt.Sprintf("%s%s tells %s, which nothing added", o.who(i), o.on(), short(o.values.value(v)))
			} else if w != none && o.items[i].ret < o.items[w].call {
				return futureRead, fmt.Sprintf("%s%s had returned before %s began", o.who(i), o.on(), o.who(w))
			}
		}
		for j := range o.items {
			if anomaly, sentence = o.lacks(i, j, told); sentence != "" {
				return anomaly, sentence
			}
		}
	}
	return "", ""
}

// lacks finds what a read should have told because of another operation.
func (o *object) lacks(i, j int, told []int32) (anomaly, sentence string) {
	read, other := &o.items[i], &o.items[j]
	values := []int32{other.put}
	if other.action == readsAll {
		values = o.lists[other.want]
	}
	for _, v := range values {
		missing := !slices.Contains(told, v)
		switch {
		case missing && other.ret < read.call:
			return missed, fmt.Sprintf("%s%s lacks %s, though %s had returned before it began", o.who(i), o.on(), short(o.values.value(v)), o.who(j))
		case missing && other.action == readsAll && slices.ContainsFunc(told, func(u int32) bool { return !slices.Contains(values, u) }):
			return contradicted, fmt.Sprintf("%s and %s%s each tell what the other lacks", o.who(i), o.who(j), o.on())
		}
	}
	return "", ""
}
