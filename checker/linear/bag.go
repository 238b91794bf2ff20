package linear

import "faultline/checker"

// stageBag is the stage that decides unordered queues, in linear time after sorting.
//
// Where nothing found the queue empty, each value is an object of its own: a number of copies, which
// insertions add to and removals take from. Values may repeat. There is a linearization exactly if at
// any time as many copies of a value were there at first or had an invoked insertion as had a removal that returned: each
// removal needs an insertion of its own before it. And that suffices: let insertions take effect when
// they are invoked and removals when they return. What is pending and took something unknown never
// takes effect.
//
// What found the queue empty is decided as for a queue that keeps its order (see fifo.go, 3), if no
// value comes twice: each element can come and go on one side of every moment at which it is not
// certainly there, and elements do not hinder each other. Pending removals are assigned as there, where 2 demands nothing.
const stageBag = "bag"

func decideBag(o *object, c *clock) checker.Validity {
	if !o.enoughCopies(c) {
		return checker.Invalid
	}
	all, answer := o.readContents(c)
	if answer != checker.Valid {
		for i := range o.items {
			if o.items[i].action == findsEmpty {
				return answer
			}
		}
		return checker.Valid
	}
	if !all.emptyWhenFound(c) {
		return checker.Invalid
	}
	return checker.Valid
}

func (o *object) enoughCopies(c *clock) bool {
	copies := make([]int32, o.values.len())
	for _, v := range o.begins {
		copies[v]++
	}
	return sweep(c, o.items,
		func(it *item) bool {
			if it.action == inserts {
				copies[it.put]++
			}
			return true
		},
		func(it *item) bool {
			if it.action == removes {
				copies[it.want]--
				return copies[it.want] >= 0
			}
			return true
		})
}
