package history

import "io"

// invoked supplies the invocations of a history that has none, such as those in Elle's documentation. Each process is
// taken to invoke its first operation at the start of the history, and every other one when it has completed the one
// before, since a process does one thing at a time: these are the longest operations that there can have been. They are
// invoked with what their completions say. Nobody knows how long they took, so such a history has no times. It is read
// into memory.
//
// A history with some invocations has all of them, and what completes without one is a fault of the file.
type invoked struct {
	in      records
	begun   bool     // an event of a client was seen
	lacking bool     // it had no invocation, and so has none
	rest    []stated // what is left of a history without invocations
	free    []record
}

// stated is a record, or the invocation of the operation that it completes.
type stated struct {
	*record
	invocation bool
}

func (c *invoked) next(r *record) error {
	if c.lacking {
		return c.pop(r)
	}
	err := c.in.next(r)
	if err != nil || c.begun || r.Process == Nemesis {
		return err
	}
	c.begun = true
	if r.Type == Invoke {
		return nil
	}
	c.lacking = true
	if err := c.readAll(r); err != nil {
		return err
	}
	return c.pop(r)
}

// readAll reads what follows the first completion, and says when everything was invoked.
func (c *invoked) readAll(first *record) error {
	begin := *first
	all := []*record{&begin}
	for r := c.room(); ; all, r = append(all, r), c.room() {
		if err := c.in.next(r); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if r.Process != Nemesis && r.Type == Invoke {
			return begin.at.errorf("process %d completes %s, which it did not invoke, though line %d has an invocation", begin.Process, begin.F, r.at.line)
		}
	}
	c.rest = make([]stated, 0, 2*len(all))
	next := nextOfProcess(all, func(first *record) { c.rest = append(c.rest, stated{first, true}) })
	for i, r := range all {
		c.rest = append(c.rest, stated{r, false})
		if then := next[i]; then != nil {
			c.rest = append(c.rest, stated{then, true})
		}
	}
	return nil
}

// room is room for a record, of many that are allocated at once.
func (c *invoked) room() *record {
	const records = 64
	if len(c.free) == 0 {
		c.free = make([]record, records)
	}
	r := &c.free[0]
	c.free = c.free[1:]
	return r
}

// nextOfProcess has for each record of a client the next one of the same process, and hands over the first ones.
func nextOfProcess(all []*record, first func(*record)) []*record {
	next, last := make([]*record, len(all)), map[int]int{}
	for i, r := range all {
		if r.Process == Nemesis {
			continue
		}
		if before, known := last[r.Process]; known {
			next[before] = r
		} else {
			first(r)
		}
		last[r.Process] = i
	}
	return next
}

func (c *invoked) pop(r *record) error {
	if len(c.rest) == 0 {
		return io.EOF
	}
	*r = *c.rest[0].record
	if c.rest[0].invocation {
		r.Type, r.Error, r.LogIndex = Invoke, "", 0
	}
	r.Time = 0
	r.fields &^= hasTime
	c.rest = c.rest[1:]
	return nil
}
