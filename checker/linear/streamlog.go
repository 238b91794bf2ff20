package linear

import (
	"slices"

	"faultline/history"
)

// streamLog is what a stream remembers: the operations of all keys in order of invocation, each with a link to
// the next one of its key. It is one array, used again and again, so that remembering and forgetting ask for
// no memory. An operation under way has the outcome Invoke.
type streamLog struct {
	ops    []history.Operation
	places []interval   // of each operation, among the events of its key since that was closed
	keys   []*streamKey // nil once the operation is forgotten
	next   []int32
}

// capacity is how many operations the log holds before it asks for memory; reserve adds to it. Growing little by
// little would leave as much again to the garbage collector.
func (l *streamLog) capacity() int { return cap(l.ops) }

func (l *streamLog) reserve(more int) {
	l.ops, l.places, l.keys, l.next = slices.Grow(l.ops, more), slices.Grow(l.places, more), slices.Grow(l.keys, more), slices.Grow(l.next, more)
}

// add puts an operation at the end, which was just invoked.
func (l *streamLog) add(k *streamKey, op history.Operation) (slot int32) {
	slot = int32(len(l.ops))
	l.ops, l.places = append(l.ops, op), append(l.places, interval{k.position, -1})
	l.keys, l.next = append(l.keys, k), append(l.next, none)
	l.link(k, slot)
	return slot
}

func (l *streamLog) link(k *streamKey, slot int32) {
	if k.first == none {
		k.first = slot
	} else {
		l.next[k.last] = slot
	}
	l.next[slot] = none
	k.last = slot
	k.remembered++
}

// complete puts the whole operation where it has been since its invocation.
func (l *streamLog) complete(slot int32, op *history.Operation, returned int32) {
	l.ops[slot], l.places[slot].ret = *op, returned
}

// forget leaves a key nothing but the operations at some places, in order. They come before all that follows.
func (l *streamLog) forget(k *streamKey, but []int32) {
	slot := k.first
	k.first, k.remembered = none, 0
	for slot != none {
		next := l.next[slot]
		if len(but) > 0 && but[0] == slot {
			but = but[1:]
			l.places[slot] = interval{k.remembered, -1}
			l.link(k, slot)
		} else {
			l.keys[slot] = nil
		}
		slot = next
	}
	k.position = k.remembered
}

// compact moves what is left together, and tells where operations under way are now.
func (l *streamLog) compact(moved func(process, slot int32)) {
	left := int32(0)
	for _, k := range l.keys {
		if k != nil {
			k.first, k.remembered = none, 0
		}
	}
	for i, k := range l.keys {
		if k == nil {
			continue
		}
		l.ops[left], l.places[left], l.keys[left] = l.ops[i], l.places[i], k
		l.link(k, left)
		if op := &l.ops[left]; op.Outcome == history.Invoke {
			moved(op.Process, left)
		}
		left++
	}
	l.ops, l.places, l.keys, l.next = l.ops[:left], l.places[:left], l.keys[:left], l.next[:left]
}
