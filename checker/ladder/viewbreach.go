package ladder

// What a view that cannot be rests on, so that it can be shown.

// breach tells what a cycle rests on.
func (v *view) breach(rule string, cycle []edge) *breach {
	s := newSupport(v.base, func(int32) int32 { return 0 })
	var open []pair
	for _, e := range cycle {
		for _, i := range [...]int32{e.from, e.to, e.by[0]} {
			if i >= 0 {
				s.kept[i] = true
			}
		}
		if e.why == conflict {
			open = append(open, pair{e.from, v.reasonOf(e.from)})
		}
	}
	v.support(s, open)
	return (&breach{rule: rule, cycle: cycle}).restsOn(v.reading, s.ops())
}

// support adds what reasons rest on.
func (v *view) support(s *support, open []pair) {
	done := map[pair]bool{}
	for ; len(open) > 0; open = open[1:] {
		v.clock.Spend(1)
		i, why := open[0].op, open[0].reason
		if i >= 0 {
			s.kept[i] = true
		}
		if why == nothing || done[open[0]] {
			continue
		}
		done[open[0]] = true
		r := v.reasons[why]
		s.kept[r.w], s.kept[r.by] = true, true
		s.path(i, r.w, int32(len(v.base.edges)))
		if version := v.ops[r.by].from; version != r.w {
			open = append(open, pair{r.w, r.sooner}, pair{version, r.version})
		}
	}
}

// circle is the breach of an op that comes before what comes before it, or before a read of the initial value.
func (v *view) circle(rule string, op, why int32) *breach {
	s := newSupport(v.base, func(int32) int32 { return 0 })
	v.support(s, []pair{{op, why}})
	var steps []edge
	at := op
	for why != nothing {
		v.clock.Spend(1)
		r := v.reasons[why]
		steps = append(steps, s.path(at, r.w, int32(len(v.base.edges)))...)
		version := v.ops[r.by].from
		if version == r.w || version == initial {
			steps = append(steps, edge{r.w, r.by, [2]int32{nothing, nothing}, readsFrom})
			at, why = r.by, nothing
			break
		}
		steps = append(steps, edge{r.w, version, [2]int32{r.by, nothing}, conflict})
		at, why = version, r.version
	}
	if at != op {
		steps = append(steps, edge{at, op, [2]int32{nothing, nothing}, programOrder})
	}
	return (&breach{rule: rule, cycle: steps}).restsOn(v.reading, s.ops())
}

// beforeInitial is the breach of a write that comes before a read of the initial value.
func (v *view) beforeInitial(w, read int32) *breach {
	b := v.circle(ruleWriteHBInitRead, w, v.reasonOf(w))
	if n := len(b.cycle); n > 0 && b.cycle[n-1].to == w && b.cycle[n-1].why == programOrder {
		b.cycle = b.cycle[:n-1] // it ends at the session, which goes on to the read
	}
	if n := len(b.cycle); n > 0 && b.cycle[n-1].to != read {
		b.cycle = append(b.cycle, edge{b.cycle[n-1].to, read, [2]int32{nothing, nothing}, programOrder})
	}
	if len(b.cycle) == 0 {
		b.cycle = append(b.cycle, edge{w, read, [2]int32{nothing, nothing}, programOrder})
	}
	b.cycle = append(b.cycle, edge{read, w, [2]int32{initial, nothing}, antiConflict})
	return b.restsOn(v.reading, []int32{w, read})
}
