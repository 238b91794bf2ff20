// Package perkey makes checkers that judge the objects of a history one by one: each key names a set, a counter, a queue.
package perkey

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// Kind is a kind of object, and how objects of it are judged.
type Kind struct {
	Part      string   // the name of the part
	Noun      string   // "set"
	Functions []string // that it knows; an object with any other one is unknown
	// Begin returns a new judge, for the objects of one history.
	Begin func() Judge
}

// Judge judges the objects of a history, one after the other.
type Judge interface {
	// Judge says what is wrong with an object. An operation that it cannot read is told by Object.Unreadable, alone: what other
	// operations mean may depend on it.
	Judge(o *Object) []checker.Finding
	// Held says what held, if nothing was found. It is false if the objects say nothing, and the text says why.
	Held() (text string, ok bool)
}

// Object is what a key names, with what was done to it.
type Object struct {
	Name       string
	Operations []*history.Operation // in order of invocation
	Clock      *timebound.Clock     // bounds the time; what takes more steps than there are operations accounts for them
	Memory     int64                // bounds the bytes that searches take
	ending     checker.Ending
	ends       bool // the test says which operations are final, be they on this object or on others
	part, noun string
}

// Final reports whether an operation is one of the last phase of the test: see checker.Ending.
func (o *Object) Final(op *history.Operation) bool { return o.ending.Final(op) }

// LastPhase is the position in the history where the last phase begins: that of the first final operation on the object, or behind
// all if there is none. It is false if the test says of no operation, be it on this object or on others, that it is final.
func (o *Object) LastPhase() (position int32, ok bool) {
	if op := o.FirstFinal(); op != nil {
		return op.Invoked, true
	}
	return math.MaxInt32, o.ending.Settled > 0 || o.ends
}

// FirstFinal is the operation with which the last phase begins for the object; nil if none is final.
func (o *Object) FirstFinal() *history.Operation {
	for _, op := range o.Operations {
		if o.Final(op) {
			return op
		}
	}
	return nil
}

// Checker is the checker of a kind.
func (k Kind) Checker() checker.Checker { return asked{k} }

type asked struct{ Kind }

func (a asked) Name() string { return a.Part }

func (a asked) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	o.Done = ctx.Done()
	o = o.WithDefaults()
	part := checker.Part{Name: a.Part, Model: a.Part}
	if o.Initial.Given() {
		part.Reason = fmt.Sprintf("%s judges a %s from its beginning, so it cannot begin with %v", a.Part, a.Noun, o.Initial)
		return part
	}
	all := a.objects(in)
	judge := a.Begin()
	clock := timebound.New(o.Timeout).Until(o.Done)
	var broken, open []checker.Finding
	for _, object := range all {
		object.Clock, object.Memory = clock, o.Memory
		part.Objects++
		part.Operations += len(object.Operations)
		for _, f := range a.judge(judge, object) {
			if f.Validity == checker.Invalid {
				broken = append(broken, f)
			} else {
				open = append(open, f)
			}
		}
	}
	if part.Operations == 0 {
		part.Reason = fmt.Sprintf("there is no operation on a %s", a.Noun)
		return part
	}
	held, ok := judge.Held()
	if part = part.Judged(append(broken, open...), held); !ok && part.Validity == checker.Valid {
		part.Validity = checker.Unknown
	}
	return part
}

// judge judges an object, unless the time is up.
func (a asked) judge(j Judge, o *Object) (findings []checker.Finding) {
	if f := a.foreign(o); f != nil {
		return []checker.Finding{*f}
	}
	if !o.Clock.Within(func() { findings = j.Judge(o) }) {
		f := o.Undecided("there was no time to judge " + o.The())
		f.Bound = checker.TimeBound
		return []checker.Finding{f}
	}
	return findings
}

// foreign is the finding that an operation is none that the kind knows: nobody can say what it did to the object.
func (a asked) foreign(o *Object) *checker.Finding {
	for _, op := range o.Operations {
		if !slices.Contains(a.Functions, op.F) {
			f := o.Unreadable(op, fmt.Sprintf("a %s has %s only", a.Noun, wording.List(a.Functions, "and")))
			return &f
		}
	}
	return nil
}

// objects takes the objects of a history apart, by key.
func (a asked) objects(in checker.Input) []*Object {
	byKey := map[string]*Object{}
	ends := in.Settled > 0
	for i := range in.Operations {
		op := &in.Operations[i]
		if !ops.OnObject(op.F) {
			continue
		}
		o := byKey[op.Key]
		if o == nil {
			o = &Object{Name: op.Key, ending: in.Ending, part: a.Part, noun: a.Noun}
			byKey[op.Key] = o
		}
		ends = ends || op.Final
		o.Operations = append(o.Operations, op)
	}
	var all []*Object
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		byKey[key].ends = ends
		all = append(all, byKey[key])
	}
	return all
}

// The names the object: "the set", "set k3".
func (o *Object) The() string {
	if o.Name == "" {
		return "the " + o.noun
	}
	return o.noun + " " + wording.Line(o.Name, longest)
}
