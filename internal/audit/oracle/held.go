package oracle

import (
	"fmt"
	"strings"
)

// held holds locks to a specification. Which rule is broken first is left open if more than one is.
func held(spec Spec) func(o object, j *Judgement) {
	return func(o object, j *Judgement) {
		for _, op := range o.ops {
			j.told = j.told || op.F == "acquire" && op.Outcome == OK
		}
		if Linearizable(spec, o.ops) {
			return
		}
		bare := make([]Operation, len(o.ops))
		for i, op := range o.ops {
			bare[i] = op
			bare[i].Output = Value{}
		}
		if Linearizable(spec, bare) {
			j.broke(Fenced, o.key, true)
		} else {
			j.broke(Locked, o.key, true)
		}
	}
}

// The rules of locks. Locked is any of them, where more than that of the tokens is broken.
const (
	Locked = "locked"
	Fenced = "fenced"
)

// token is the fencing token that an acquire was given.
func token(op *Operation) (token int, ok bool) {
	v := op.Output
	if op.Outcome != OK || op.F != "acquire" {
		return 0, false
	}
	if v.kind == Map {
		v = field(v, "fence")
		return v.Int(), v.Int() != 0
	}
	if v.kind != Int {
		return 0, false
	}
	return v.Int(), true
}

// lockState is the holder of a lock, how often it holds it, with which token, and the largest token of all holders so far.
type lockState struct{ holder, times, token, largest int }

// noToken is that of a holder who was given none.
const noToken = -1 << 62

const nobody = -1

func lock(reentrant bool) Spec {
	begin := fmt.Sprint(lockState{nobody, 0, noToken, noToken})
	return Spec{Name: "lock", Initial: begin, Step: func(state string, op *Operation) []string {
		var s lockState
		if _, err := fmt.Sscanf(state, "{%d %d %d %d}", &s.holder, &s.times, &s.token, &s.largest); err != nil {
			panic(err)
		}
		if op.F == "release" {
			if s.holder != op.Process {
				return nil
			}
			if s.times--; s.times == 0 {
				s.holder, s.token = nobody, noToken
			}
			return []string{fmt.Sprint(s)}
		}
		t, ok := token(op)
		switch {
		case s.holder != nobody && (s.holder != op.Process || !reentrant):
			return nil
		case !ok || t == s.token:
		case s.token != noToken || t <= s.largest:
			return nil
		default:
			s.token, s.largest = t, t
		}
		s.holder, s.times = op.Process, s.times+1
		return []string{fmt.Sprint(s)}
	}}
}

// semaphore holds the processes that hold a permit, once for each.
func semaphore(permits int) Spec {
	return Spec{Name: "semaphore", Step: func(state string, op *Operation) []string {
		holders, process := split(state), fmt.Sprint(op.Process)
		if op.F == "release" {
			for i, h := range holders {
				if h == process {
					return []string{sorted(append(holders[:i:i], holders[i+1:]...))}
				}
			}
			return nil
		}
		limit := permits
		if limit == 0 {
			limit = op.Input.Int()
		}
		return only(len(holders) < limit, strings.TrimPrefix(sorted(append(holders, process)), "\n"))
	}}
}
