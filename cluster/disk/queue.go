package disk

import "time"

// queue is changes that a loss of power may undo, in the order in which they were made. They are counted from the
// beginning of the disk, or of the incarnation: an end is the number of changes up to some point.
type queue[C any] struct {
	left    uint64 // how many have left the queue at its head
	changes []C
	made    []time.Time // when each was made
	// confirmed is the end of those that a disk that lies has reported as synced.
	confirmed uint64
}

func (q *queue[C]) add(c C) {
	q.changes = append(q.changes, c)
	q.made = append(q.made, time.Now())
}

// end is the end of all changes so far.
func (q *queue[C]) end() uint64 { return q.left + uint64(len(q.changes)) }

// upTo returns the changes in the queue up to an end, valid until the queue changes.
func (q *queue[C]) upTo(end uint64) []C {
	if end <= q.left {
		return nil
	}
	return q.changes[:end-q.left]
}

// madeBefore is the end of the changes that were made before an instant, or at it.
func (q *queue[C]) madeBefore(t time.Time) uint64 {
	n := 0
	for n < len(q.made) && !q.made[n].After(t) {
		n++
	}
	return q.left + uint64(n)
}

// drop removes the changes up to an end.
func (q *queue[C]) drop(end uint64) {
	if end <= q.left {
		return
	}
	n := int(end - q.left)
	rest := copy(q.changes, q.changes[n:])
	clear(q.changes[rest:])
	copy(q.made, q.made[n:])
	q.changes, q.made, q.left = q.changes[:rest], q.made[:rest], end
}

// confirm notes that a disk that lies has reported the changes up to an end as synced.
func (q *queue[C]) confirm(end uint64) { q.confirmed = max(q.confirmed, end) }

// drawn is the end of a prefix of the queue, drawn evenly from none to all. Nothing is drawn for an empty queue.
func (q *queue[C]) drawn(draw func(n int) int) uint64 {
	if len(q.changes) == 0 {
		return q.left
	}
	return q.left + uint64(draw(len(q.changes)+1))
}
