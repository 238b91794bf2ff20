package visibility

import (
	"context"
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/intime"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// LongForkPart is the name of the part of LongFork.
const LongForkPart = "long fork"

// LongFork asks whether any two reads see two writes in different orders. Each register is written once; a read is of several. An operation is a
// list of steps, as in [["w",5,1]] and [["r",5,1],["r",6,null]], and a register that was not written yet is null. Registers of different keys of the
// history have nothing to do with each other. A thin-air read is told too: one that finds what nothing wrote, or only what failed. If a
// register is written twice, or no read of several registers is ok, the answer is unknown.
//
// It takes time in proportion to the sum of the squares of the numbers of registers that are read together.
func LongFork() checker.Checker { return longFork{} }

type longFork struct{}

func (longFork) Name() string { return LongForkPart }

func (l longFork) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, LongForkPart, func(clock *timebound.Clock) checker.Part { return l.judge(in, clock) })
}

func (longFork) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: LongForkPart, Operations: len(in.Operations)}
	f := &forks{numbers: map[name]int32{}, seen: map[pair]*sightings{}}
	err := f.look(in.Operations, clock)
	switch {
	case err != nil:
		part.Reason = err.Error()
		return part
	case f.reads == 0 && len(f.findings) == 0:
		part.Reason = "no read of several registers is ok, so the history says nothing"
		return part
	}
	part.Objects = len(f.registers)
	return part.Judged(f.findings, fmt.Sprintf("%s of several registers see writes in one order", wording.Count(f.reads, "read")))
}

// name is what a register is called: a key of the history, and its name below that.
type name struct{ key, register string }

// register is what is known of one.
type register struct {
	name
	write *history.Operation // nil if nothing writes it
	value history.Value      // that it writes
	found []found            // two different values that reads found, or fewer if there are fewer: one of two was not written
}

// found is what a read found in a register, and is the first to have found.
type found struct {
	read  *history.Operation
	value history.Value
}

func (r *register) note(op *history.Operation, v history.Value) {
	if len(r.found) == 0 || len(r.found) == 1 && !r.found[0].value.Equal(v) {
		r.found = append(r.found, found{op, v})
	}
}

// pair are two registers that were read together, by their numbers, the smaller one first.
type pair struct{ a, b int32 }

// sightings are the first reads that saw one of two registers written and the other one not; nil if none did.
type sightings struct{ onlyA, onlyB *history.Operation }

type forks struct {
	registers []register
	numbers   map[name]int32
	seen      map[pair]*sightings
	reads     int
	findings  []checker.Finding
}

// sight is what a read found in a register.
type sight struct {
	register int32
	seen     bool
}

// most is how many forks are told. One is as good as many.
const most = 8

func (f *forks) look(operations []history.Operation, clock *timebound.Clock) error {
	var steps []step
	var found []sight
	for i := range operations {
		op := &operations[i]
		var err error
		if steps, err = decode(op, steps[:0]); err != nil {
			return err
		}
		clock.Spend(8 * len(steps))
		if err := f.write(op, steps); err != nil {
			return err
		}
		if op.Outcome == history.OK {
			found = f.read(op, steps, found[:0])
			clock.Spend(len(found) * len(found))
			f.compare(op, found)
		}
	}
	f.unwritten()
	return nil
}

// number is that of a register.
func (f *forks) number(n name) int32 {
	i, ok := f.numbers[n]
	if !ok {
		i = int32(len(f.registers))
		f.numbers[n] = i
		f.registers = append(f.registers, register{name: n})
	}
	return i
}

// write remembers who wrote what, if it may have taken effect.
func (f *forks) write(op *history.Operation, steps []step) error {
	for _, s := range steps {
		if !s.write || op.Outcome == history.Fail {
			continue
		}
		r := &f.registers[f.number(name{op.Key, s.register})]
		if r.write != nil {
			return fmt.Errorf("process %d writes register %s at %v, which process %d writes too: each must be written once", op.Process, s.register, op.Invoke, r.write.Process)
		}
		r.write, r.value = op, s.value
	}
	return nil
}

// read appends what an operation saw of the writes of others.
func (f *forks) read(op *history.Operation, steps []step, found []sight) []sight {
	for _, s := range steps {
		i := f.number(name{op.Key, s.register})
		r := &f.registers[i]
		if s.write || r.write == op { // its own write shows nothing of an order
			continue
		}
		if s.seen {
			r.note(op, s.value)
		}
		found = append(found, sight{i, s.seen})
	}
	return found
}

// compare compares what a read saw with what others saw of the same pairs of registers.
func (f *forks) compare(op *history.Operation, found []sight) {
	if len(found) > 1 {
		f.reads++
	}
	for i, a := range found {
		for _, b := range found[i+1:] {
			if a.seen != b.seen && a.register != b.register {
				f.note(op, a, b)
			}
		}
	}
}

// note remembers that a read saw one of two registers written.
func (f *forks) note(op *history.Operation, a, b sight) {
	if b.register < a.register {
		a, b = b, a
	}
	key := pair{a.register, b.register}
	s := f.seen[key]
	if s == nil {
		s = &sightings{}
		f.seen[key] = s
	}
	mine, other := &s.onlyA, s.onlyB
	if b.seen {
		mine, other = &s.onlyB, s.onlyA
	}
	if *mine != nil {
		return
	}
	*mine = op
	if other != nil {
		f.fork(s, &f.registers[key.a], &f.registers[key.b])
	}
}

func (f *forks) fork(s *sightings, a, b *register) {
	f.add(checker.Finding{Rule: "long-fork", Anomaly: "long fork", On: a.key, Validity: checker.Invalid,
		Sentence: fmt.Sprintf("process %d saw the write of %s and not that of %s, and process %d saw the write of %s and not that of %s",
			s.onlyA.Process, a.register, b.register, s.onlyB.Process, b.register, a.register)},
		a.write, b.write, s.onlyA, s.onlyB)
}

// unwritten finds what was read and nothing wrote.
func (f *forks) unwritten() {
	for i := range f.registers {
		r := &f.registers[i]
		for _, found := range r.found {
			if r.write != nil && r.value.Equal(found.value) {
				continue
			}
			f.add(checker.Finding{Rule: "long-fork", Anomaly: "thin-air read", On: r.key, Validity: checker.Invalid,
				Sentence: fmt.Sprintf("process %d read %s = %v, which nothing wrote", found.read.Process, r.register, found.value)}, found.read)
			break
		}
	}
}

func (f *forks) add(found checker.Finding, ops ...*history.Operation) {
	if len(f.findings) == most {
		return
	}
	var shown []history.Operation
	for _, op := range ops {
		if op != nil {
			shown = append(shown, *op)
		}
	}
	found.Show(shown...)
	f.findings = append(f.findings, found)
}
