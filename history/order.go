package history

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Order is what the order of the events of another tool's history is taken from. Checkers decide by order alone; times
// say how long things took. A history of ours is in order of its lines and of time, and needs no choice.
type Order uint8

const (
	// OrderGuessed goes by the indexes of the events where there are any, else by time where times contradict the
	// lines, else by the lines. It reads the file as a stream, in which the lines must be in that order already: where
	// they are not, Next returns an *OrderError, and the file is to be opened again.
	OrderGuessed Order = iota
	// ByFile goes by the lines.
	ByFile
	// ByIndex goes by the index that each event must have. The whole history is read into memory.
	ByIndex
	// ByTime goes by the time that each event must have. An operation takes effect between the times of its invocation
	// and its completion, whenever they were written, so this order is sound if the processes share a clock.
	// Invocations come before completions of the same time: whoever writes down both at once tells no more than that
	// they may overlap. The whole history is read into memory.
	ByTime
)

var orderNames = [...]string{OrderGuessed: "guessed", ByFile: "file", ByIndex: "index", ByTime: "time"}

func (o Order) String() string {
	if int(o) >= len(orderNames) {
		return fmt.Sprintf("Order(%d)", uint8(o))
	}
	return orderNames[o]
}

// WithOrder says what the order of the events is taken from. Without it Open guesses.
func WithOrder(order Order) Option {
	return func(o *options) { o.order = order }
}

// OrderError says that the lines of a history are not in the order of its events, so that it cannot be read as a stream.
type OrderError struct {
	Line   int
	Reason string
	Again  Order // the order to open the file with again
}

func (e *OrderError) Error() string {
	return fmt.Sprintf("line %d: %s; --order %v sorts the events, --order file goes by the lines", e.Line, e.Reason, e.Again)
}

// ordered puts the records of another tool in order.
type ordered struct {
	in     records
	order  Order
	all    []*record // what is left of the history, where it has to be sorted
	sorted bool
	ended  error // in a stream, what the last record was followed by

	indexed   bool
	index     int64 // the last one
	unindexed int   // events without
	timed     bool
	clock     time.Duration // the time of the last event
	untimed   int           // events without
	disorder  disorder
}

// disorder sums up how times contradict an order.
type disorder struct {
	latest time.Duration
	behind int           // events with earlier times than some event before them
	most   time.Duration // and by how much at most
}

func (d *disorder) see(t time.Duration, first bool) {
	if first || t > d.latest {
		d.latest = t
	}
	if t < d.latest {
		d.behind++
		d.most = max(d.most, d.latest-t)
	}
}

func (o *ordered) next(r *record) error {
	switch {
	case o.order == ByIndex || o.order == ByTime:
		return o.nextSorted(r)
	case o.ended != nil:
		return o.ended
	}
	if o.ended = o.in.next(r); o.ended == nil {
		o.ended = o.follow(r)
	}
	return o.ended
}

// disordered reads the rest of a stream to see whether its lines are in order. If they are not, then that is what is wrong
// with a history that breaks a rule: the completion without an invocation has one further down.
func (o *ordered) disordered() error {
	for o.order == OrderGuessed && o.ended == nil {
		o.next(new(record))
	}
	if disorder := (*OrderError)(nil); errors.As(o.ended, &disorder) {
		return disorder
	}
	return nil
}

// follow holds the records of a stream to their order.
func (o *ordered) follow(r *record) error {
	if r.fields&hasIndex != 0 && o.order == OrderGuessed {
		if err := o.followIndex(r); err != nil {
			return err
		}
	} else {
		o.unindexed++
	}
	backwards := o.timed && r.fields&hasTime != 0 && r.Time < o.disorder.latest
	if backwards && o.order == OrderGuessed && !o.indexed {
		return &OrderError{r.at.line, fmt.Sprintf("time runs backwards, from %v to %v", o.disorder.latest, r.Time), ByTime}
	}
	o.seeTime(r)
	return nil
}

func (o *ordered) followIndex(r *record) error {
	switch {
	case o.indexed && r.index == o.index:
		return r.at.errorf("two operations have the index %d; --order file goes by the lines", r.index)
	case o.indexed && r.index < o.index:
		return &OrderError{r.at.line, fmt.Sprintf("the operation with index %d follows that with index %d", r.index, o.index), ByIndex}
	}
	o.indexed, o.index = true, r.index
	return nil
}

// seeTime notes the time of a record. One without a time has that of the record before.
func (o *ordered) seeTime(r *record) {
	if r.fields&hasTime == 0 {
		o.untimed++
		r.Time = o.clock
		return
	}
	o.disorder.see(r.Time, !o.timed)
	o.timed = true
	o.clock = r.Time
}

// nextSorted reads everything at first, and then returns it in order.
func (o *ordered) nextSorted(r *record) error {
	if !o.sorted {
		o.sorted = true
		if err := o.readAll(); err != nil {
			return err
		}
	}
	if len(o.all) == 0 {
		return io.EOF
	}
	*r, o.all[0] = *o.all[0], nil
	o.all = o.all[1:]
	if o.order == ByIndex {
		o.seeTime(r)
	}
	return nil
}

func (o *ordered) readAll() error {
	for {
		r := new(record)
		if err := o.in.next(r); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		o.all = append(o.all, r)
	}
	if o.order == ByTime {
		return o.sortByTime()
	}
	return o.sortByIndex()
}

func (o *ordered) sortByIndex() error {
	for _, r := range o.all {
		if r.fields&hasIndex == 0 {
			return r.at.errorf("this operation has no index, and the order was to be that of the indexes")
		}
	}
	slices.SortStableFunc(o.all, func(a, b *record) int { return cmp.Compare(a.index, b.index) })
	for i := 1; i < len(o.all); i++ {
		if a, b := o.all[i-1], o.all[i]; a.index == b.index {
			return b.at.errorf("this operation has the index %d, as that of line %d has; --order file goes by the lines", b.index, a.at.line)
		}
	}
	return nil
}

// warnings are sentences about what is suspicious in the order.
func (o *ordered) warnings() []string {
	var all []string
	switch d := o.disorder; {
	case d.behind == 0:
	case o.order == ByTime:
		all = append(all, fmt.Sprintf("%s behind later ones in the file, by up to %v: the order is that of the times; --order file goes by the lines",
			quantity(d.behind, "event stands", "events stand"), d.most))
	default:
		by := "the lines"
		if o.indexed || o.order == ByIndex {
			by = "the indexes"
		}
		all = append(all, fmt.Sprintf("%s an earlier time than events before, by up to %v: the order is that of %s",
			quantity(d.behind, "event has", "events have"), d.most, by))
	}
	if o.indexed && o.unindexed > 0 {
		all = append(all, quantity(o.unindexed, "event has", "events have")+" no index: the order there is that of the lines")
	}
	if o.timed && o.untimed > 0 {
		all = append(all, quantity(o.untimed, "event has", "events have")+" no time: that of the event before is taken")
	}
	return all
}

func quantity(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
