package history

// recording turns the records of another tool into events that keep the rules of this package, as far
// as the tool was free to leave things open: keys are taken out of the values of tuples, and processes that
// go on after info are renamed.
type recording struct {
	in records

	sense  sense
	forced bool     // the caller or the file says what the sense is
	ours   bool     // EDNWriter wrote the file
	ahead  []record // were read to find out the sense
	failed error    // what came after them

	rec     record
	timed   bool
	keys    keyKinds
	lives   lives
	started bool
}

// lookahead bounds how much is read to find out the sense of the values. The first invocation of nearly
// any history tells.
const (
	lookahead      = 1000
	lookaheadBytes = 1 << 20
)

func newRecording(in records, s sense) *recording {
	return &recording{in: in, sense: s, forced: s != unsettled,
		lives: lives{now: map[int]int{}, open: map[int]invocation{}}}
}

// next reads the next event. Its errors name the line.
func (d *recording) next(e *Event) error {
	if !d.started {
		d.started = true
		d.findSense()
	}
	if err := d.record(&d.rec); err != nil {
		return err
	}
	if err := d.settle(&d.rec); err != nil {
		return err
	}
	*e = d.rec.Event
	return nil
}

// record takes the next record from those read ahead, or from the file.
func (d *recording) record(r *record) error {
	if len(d.ahead) == 0 && d.failed == nil {
		return d.in.next(r)
	}
	if len(d.ahead) == 0 {
		return d.failed
	}
	*r, d.ahead = d.ahead[0], d.ahead[1:]
	return nil
}

// findSense reads ahead until an invocation tells how values are meant.
func (d *recording) findSense() {
	seen, bytes := false, 0
	for d.sense == unsettled && len(d.ahead) < lookahead && bytes < lookaheadBytes {
		var r record
		if d.failed = d.in.next(&r); d.failed != nil {
			break
		}
		bytes += r.size
		d.ahead = append(d.ahead, r)
		if r.Process == Nemesis || r.Type != Invoke {
			continue
		}
		seen = true
		d.sense = r.sense()
		if r.fields&hasTuples != 0 {
			d.forced, d.ours = true, true
			if d.sense = plain; r.tuples {
				d.sense = tuples
			}
		}
	}
	if d.sense == unsettled {
		if d.sense = plain; seen {
			d.sense = tuples
		}
	}
}

// settle makes an event of the record.
func (d *recording) settle(r *record) error {
	d.timed = d.timed || r.fields&hasTime != 0
	if r.Process != Nemesis {
		if err := d.settleProcess(r); err != nil {
			return err
		}
	}
	if r.Value.depth() > maxDepth {
		return r.at.errorf("the value nests more than %d deep", maxDepth)
	}
	return nil
}

// settleProcess settles the key of a client's event and what its process is called.
func (d *recording) settleProcess(r *record) error {
	file := r.Process
	invoked, err := d.lives.name(&r.Event)
	if err != nil {
		return r.at.errorf("%v", err)
	}
	switch {
	case d.sense == tuples:
		err = r.untuple(invoked)
	case r.Type == Invoke && !d.forced && r.sense() == tuples:
		err = r.at.errorf("the value %s is a [key value] tuple, but those before it are not", shortEDN(r.Value))
	case r.Type != Invoke && r.fields&hasKey == 0:
		r.Key = invoked.key
	}
	if err != nil {
		return err
	}
	switch {
	case r.fields&hasNoValue != 0:
		r.Value = Value{}
	case r.fields&hasFound != 0:
		r.Value = r.found
	}
	if r.fields&hasKey != 0 {
		if err := d.keys.see(r.textKey); err != nil {
			return r.at.errorf("%v", err)
		}
	}
	if r.repeats(invoked.value) && !d.ours {
		r.Value = Value{}
	}
	d.lives.follow(file, &r.Event)
	return nil
}

// repeats tells whether a failed cas repeats its argument, as Jepsen's clients do, in the place where
// the events of this package have what was found.
func (r *record) repeats(argument Value) bool {
	return r.Type == Fail && compared(r.Error) && r.Value.Equal(argument)
}
