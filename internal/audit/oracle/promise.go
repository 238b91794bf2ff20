package oracle

import (
	"math"
	"time"
)

// Promise is what an object or a history as a whole is held to, by rules that have names.
type Promise struct {
	Model   string   // the name in the catalog of checkers
	Options []string // its settings there
	Long    bool     // its oracle tries nothing out, so that histories may be long
	// Judge finds the rules that are broken. Replicas had time to agree when what began at settled or later began; 0 if
	// nothing says so.
	Judge func(ops []Operation, settled time.Duration) Judgement
}

// Name tells promises apart.
func (p Promise) Name() string {
	name := p.Model
	for _, o := range p.Options {
		name += " " + o
	}
	return name
}

// Judgement is what becomes of a promise.
type Judgement struct {
	Broken    map[Breach]bool
	Undecided bool // nothing is known about some object, by the documentation
	// Unclear says that the history is none that the documentation speaks of. Then nothing follows.
	Unclear bool
	told    bool // somebody saw something, without which the answer is unknown
}

// Breach is a rule that is broken, and the object on which it is.
type Breach struct{ Rule, On string }

// Keeps is whether the promise is kept; Open if the documentation says that it cannot be known.
func (j *Judgement) Keeps() Answer {
	switch {
	case len(j.Broken) > 0:
		return No
	case j.Undecided:
		return Open
	}
	return Yes
}

func (j *Judgement) broke(rule, on string, broken bool) {
	if !broken {
		return
	}
	if j.Broken == nil {
		j.Broken = map[Breach]bool{}
	}
	j.Broken[Breach{rule, on}] = true
}

// Promises are all that there are but linearizability and the consistency models.
func Promises() []Promise {
	return []Promise{
		{Model: "set-final", Long: true, Judge: eachKey(setFinal)},
		{Model: "set-full", Long: true, Judge: eachKey(setFull(false))},
		{Model: "set-full", Options: []string{"linearizable"}, Long: true, Judge: eachKey(setFull(true))},
		{Model: "unique-ids", Long: true, Judge: eachKey(uniqueIDs)},
		{Model: "causal-reverse", Long: true, Judge: eachKey(causalReverse)},
		{Model: "counter-bounds", Long: true, Judge: eachKey(counterBounds)},
		{Model: "g-counter", Judge: eachKey(finalSums(true))},
		{Model: "pn-counter", Judge: eachKey(finalSums(false))},
		{Model: "bank", Judge: eachKey(bank(nil, false))},
		{Model: "bank", Options: []string{"total-amount=10"}, Judge: eachKey(bank(new(int64(10)), false))},
		{Model: "bank", Options: []string{"negative-balances"}, Judge: eachKey(bank(nil, true))},
		{Model: "total-queue", Judge: eachKey(consumed(true))},
		{Model: "at-least-once-queue", Judge: eachKey(consumed(false))},
		{Model: "lock", Judge: eachKey(held(lock(false)))},
		{Model: "reentrant-lock", Judge: eachKey(held(lock(true)))},
		{Model: "semaphore", Judge: eachKey(held(semaphore(0)))},
		{Model: "semaphore", Options: []string{"permits=2"}, Judge: eachKey(held(semaphore(2)))},
		{Model: "long-fork", Long: true, Judge: eachKey(longFork)},
		{Model: "monotonic", Long: true, Judge: eachKey(monotonic)},
		{Model: "causal", Judge: eachKey(causal)},
		{Model: "kafka", Long: true, Judge: kafka},
		{Model: "versioned-register", Judge: eachKey(versioned)},
	}
}

// object is what happened to one object.
type object struct {
	key     string
	ops     []Operation
	settled time.Duration
	ends    bool // the test says which operations are those at the end
}

// eachKey judges every object by itself.
func eachKey(judge func(o object, j *Judgement)) func([]Operation, time.Duration) Judgement {
	return func(ops []Operation, settled time.Duration) Judgement {
		var j Judgement
		ends := settled > 0
		for _, op := range ops {
			ends = ends || op.Final
		}
		for key, ofKey := range ByKey(ops) {
			judge(object{key, ofKey, settled, ends}, &j)
		}
		j.Undecided = j.Undecided || !j.told
		return j
	}
}

// final reports whether an operation is one of those at the end.
func (o object) final(op *Operation) bool {
	return op.Final || o.settled > 0 && op.InvokedAt >= o.settled
}

// phase is where the end begins: with the first operation of the end. It is behind all where there is none.
func (o object) phase() int {
	begin := math.MaxInt
	for i := range o.ops {
		if o.final(&o.ops[i]) {
			begin = min(begin, o.ops[i].Invoked)
		}
	}
	return begin
}

// answered are the operations of a function that were ok.
func (o object) answered(f string) []Operation {
	var answered []Operation
	for _, op := range o.ops {
		if op.F == f && op.Outcome == OK {
			answered = append(answered, op)
		}
	}
	return answered
}
