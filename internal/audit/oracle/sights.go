package oracle

import "math/big"

// registersSeen are what a read of several registers found, "nil" for one that was not written.
func registersSeen(op *Operation) (seen map[string]string, ok bool) {
	seen = map[string]string{}
	for _, step := range op.Output.items {
		if len(step.items) != 3 || !isStep(step, "r") {
			return nil, false
		}
		name := step.items[1].canon
		if _, twice := seen[name]; twice {
			return nil, false
		}
		seen[name] = step.items[2].canon
	}
	return seen, true
}

func isStep(step Value, kind string) bool {
	return len(step.items) > 0 && (step.items[0].canon == ":"+kind || step.items[0].canon == `"`+kind+`"`)
}

// longFork looks at every two reads and every two registers.
func longFork(o object, j *Judgement) {
	var reads []map[string]string
	writes := map[string]Operation{}
	for _, op := range o.ops {
		for _, step := range op.Input.items {
			if !isStep(step, "w") {
				continue
			}
			name := step.items[1].canon
			if _, twice := writes[name]; twice || len(op.Input.items) > 1 {
				j.Unclear = true
			}
			writes[name] = op
		}
	}
	for _, op := range o.ops {
		if op.Outcome == OK && op.Output.kind == None {
			op.Output = op.Input // as it is where a completion repeats the argument
		}
		if op.Outcome != OK || len(op.Output.items) == 0 || !isStep(op.Output.items[0], "r") {
			continue
		}
		seen, ok := registersSeen(&op)
		j.told = j.told || len(seen) > 1
		j.Unclear = j.Unclear || !ok
		for name, value := range seen {
			w, written := writes[name]
			j.broke("thin-air", o.key, value != "nil" && (!written || w.Outcome == Fail || w.Input.items[0].items[2].canon != value))
		}
		reads = append(reads, seen)
	}
	for _, a := range reads {
		for _, b := range reads {
			j.broke("long-fork", o.key, ahead(a, b) && ahead(b, a))
		}
	}
}

// ahead reports whether a saw a write that b did not, though b looked.
func ahead(a, b map[string]string) bool {
	for name, value := range a {
		if other, looked := b[name]; value != "nil" && looked && other == "nil" {
			return true
		}
	}
	return false
}

// monotonic follows what each process has seen.
func monotonic(o object, j *Judgement) {
	seen := map[int]*big.Int{}
	for _, op := range o.ops {
		if op.Outcome != OK {
			continue
		}
		if op.Output.kind != Int {
			j.Unclear = true
			return
		}
		j.told = true
		now, before := number(op.Output.canon), seen[op.Process]
		if before != nil {
			order := now.Cmp(before)
			j.broke("monotonic", o.key, order < 0 || op.F == "inc" && order == 0)
		}
		if before == nil || now.Cmp(before) > 0 {
			seen[op.Process] = now
		}
	}
}

// causal puts what happened to a key into its order, in which only writes of unknown outcome have no place: they may take effect at any
// later time, or never.
func causal(o object, j *Judgement) {
	for i, op := range o.ops {
		j.told = j.told || op.F != "write" && op.Outcome == OK
		for _, later := range o.ops[i+1:] {
			j.Unclear = j.Unclear || op.Outcome != Info && later.Invoked < op.Returned
		}
	}
	kept := false
	for _, begin := range []string{"0", "nil"} {
		kept = kept || Linearizable(Spec{Name: "causal", Initial: begin, Step: holdingOne}, o.ops)
	}
	j.broke("causal", o.key, !kept)
}

func holdingOne(state string, op *Operation) []string {
	if op.F == "write" {
		return []string{op.Input.canon}
	}
	return only(op.Outcome == Info || op.Output.canon == state, state)
}
