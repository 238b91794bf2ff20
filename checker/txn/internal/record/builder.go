package record

import (
	"runtime"
	"slices"

	"faultline/checker/internal/elements"
	"faultline/history"
	"faultline/internal/timebound"
)

// Builder makes a History of operations, which may come in parts: it keeps none of them.
type Builder struct {
	h        History
	stop     <-chan struct{}
	lists    []branches // of each key
	prefixes elements.Numbers
}

// NewBuilder begins a history. When stop is closed, which may be nil, the builder does nothing more.
func NewBuilder(model Model, stop <-chan struct{}) *Builder {
	return &Builder{h: History{Model: model}, stop: stop}
}

// New makes a History of operations, which are in order of invocation, as history.Operations returns them. It is nil if stop is closed before it is
// made.
func New(model Model, ops []history.Operation, stop <-chan struct{}) *History {
	b := NewBuilder(model, stop)
	b.Add(ops)
	return b.Finish()
}

// blockLength is how many operations are decoded at a time. Most keys of a block come several times in it.
const blockLength = 1 << 13

// Add adds operations. They are decoded on all processors and put together in order, so the result is the same on any number of them.
func (b *Builder) Add(ops []history.Operation) {
	if b.h.Model == RWRegister && b.addSteps(ops) {
		return
	}
	first := int32(b.h.Len())
	workers := runtime.GOMAXPROCS(0)
	pending := make(chan chan *block, workers) // bounds how many blocks there are at once
	go func() {
		for at := 0; at < len(ops) && !timebound.Closed(b.stop); at += blockLength {
			done := make(chan *block, 1)
			pending <- done
			go func() {
				done <- decode(b.h.Model, ops[at:min(at+blockLength, len(ops))], first+int32(at))
			}()
		}
		close(pending)
	}()
	for done := range pending {
		b.merge(<-done)
		b.reserve(int(first) + len(ops))
	}
}

// reserve makes room for so many transactions, if those to come are like those before.
func (b *Builder) reserve(txns int) {
	h := &b.h
	missing := txns - h.Len()
	if cap(h.Process)-h.Len() < missing {
		h.Process, h.Invoked, h.Returned = slices.Grow(h.Process, missing), slices.Grow(h.Invoked, missing), slices.Grow(h.Returned, missing)
		h.First, h.Outcome = slices.Grow(h.First, missing+1), slices.Grow(h.Outcome, missing)
	}
	s := &h.Steps
	known := len(s.Kind)
	if steps := int(float64(known) / float64(h.Len()) * float64(missing)); cap(s.Kind)-known < steps {
		steps += steps / 32
		s.Txn, s.Kind, s.Key = slices.Grow(s.Txn, steps), slices.Grow(s.Kind, steps), slices.Grow(s.Key, steps)
		s.Value, s.Saw = slices.Grow(s.Value, steps), slices.Grow(s.Saw, steps)
	}
}

// merge appends a block.
func (b *Builder) merge(block *block) {
	b.translate(block)
	h := &b.h
	t, base := int32(h.Len()), int32(len(h.Steps.Kind))
	h.Process = append(h.Process, block.process...)
	h.Invoked = append(h.Invoked, block.invoked...)
	h.Returned = append(h.Returned, block.returned...)
	h.Outcome = append(h.Outcome, block.outcome...)
	h.Malformed = append(h.Malformed, block.malformed...)
	h.Obscure = h.Obscure || block.obscure
	for i, first := range block.first {
		h.First = append(h.First, base+first)
		to := int32(len(block.kind))
		if i+1 < len(block.first) {
			to = block.first[i+1]
		}
		for range to - first {
			h.Steps.Txn = append(h.Steps.Txn, t+int32(i))
		}
	}
	h.Steps.Kind = append(h.Steps.Kind, block.kind...)
	h.Steps.Key = append(h.Steps.Key, block.key...)
	h.Steps.Value = append(h.Steps.Value, block.value...)
	h.Steps.Saw = append(h.Steps.Saw, block.saw...)
}
