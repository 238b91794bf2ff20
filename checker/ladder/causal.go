package ladder

// The bad patterns of Bouajjani, Enea, Guerraoui and Hamza 2017 (On Verifying Causal Consistency, section 5): where each value
// is written once, a history is of a model exactly if it has none of the model's. W and r are writes and reads of one key, co
// is causal order, and cf and hb come on top of it.
const (
	ruleCyclicCO        = "CyclicCO"        // co has a cycle
	ruleWriteCOInitRead = "WriteCOInitRead" // w co r, and r reads the initial value
	ruleWriteCORead     = "WriteCORead"     // w1 co w2 co r, and r reads w1
	ruleCyclicCF        = "CyclicCF"        // co and cf have a cycle: w1 cf w2 if w1 co r and r reads w2
	ruleWriteHBInitRead = "WriteHBInitRead" // w hb r, and r reads the initial value
	ruleCyclicHB        = "CyclicHB"        // hb has a cycle
)

// visible are the writes that come before where a walk is: for each key and session the last one, as an earlier one comes
// before it.
type visible struct {
	*causality
	slot    []int32 // of a write: the number of its session and key
	last    []int32 // by slot
	keys    []visibleKey
	touched []int32 // keys
}

type visibleKey struct {
	slots []int32 // that have a write
	fresh []int32 // those that have a later one than at the last read
	read  int32   // the version read last
}

func newVisible(k *causality) *visible {
	v := &visible{causality: k, slot: make([]int32, len(k.ops)), keys: make([]visibleKey, len(k.keys))}
	for _, s := range k.sessions {
		slots := map[int32]int32{}
		k.bound.Spend(4 * int(s.end-s.begin))
		for i := s.begin; i < s.end; i++ {
			if !k.ops[i].writes {
				continue
			}
			slot, ok := slots[k.ops[i].key]
			if !ok {
				slot = int32(len(v.last))
				slots[k.ops[i].key] = slot
				v.last = append(v.last, nothing)
			}
			v.slot[i] = slot
		}
	}
	for i := range v.keys {
		v.keys[i].read = nothing
	}
	return v
}

// reset makes it ready for another walk.
func (v *visible) reset() {
	for _, key := range v.touched {
		k := &v.keys[key]
		for _, slot := range k.slots {
			v.last[slot] = nothing
		}
		k.slots, k.fresh, k.read = k.slots[:0], k.fresh[:0], nothing
	}
	v.touched = v.touched[:0]
}

func (v *visible) enter(s span) {
	v.bound.Spend(int(s.end - s.begin))
	for i := s.begin; i < s.end; i++ {
		o := &v.ops[i]
		if !o.writes {
			continue
		}
		k, slot := &v.keys[o.key], v.slot[i]
		if v.last[slot] == nothing {
			if len(k.slots) == 0 {
				v.touched = append(v.touched, o.key)
			}
			k.slots = append(k.slots, slot)
		}
		v.last[slot] = i
		if n := len(k.fresh); n == 0 || k.fresh[n-1] != slot {
			k.fresh = append(k.fresh, slot)
		}
	}
}

// causal looks for a read of what was overwritten before it: by WriteCOInitRead and WriteCORead. Of the writes of one session
// that come before a read it is enough to ask for the last one: what comes before an earlier one comes before it too.
//
// It goes on for a while when it has found one, as others may be shown by fewer operations.
func (k *causality) causal(c *clock) (best *breach) {
	v := newVisible(k)
	tries := attempts
	for s := range k.sessions {
		v.reset()
		var found *breach
		k.walk(int32(s), c, v.enter, func(i int32) {
			if o := &k.ops[i]; o.reads() && found == nil && tries > 0 {
				found = v.overwritten(i, c)
			}
		})
		if found == nil {
			continue
		}
		if best == nil || len(found.refs) < len(best.refs) {
			best = found
		}
		if tries--; tries == 0 {
			break
		}
	}
	return best
}

// overwritten reports whether a read saw what was overwritten before it.
func (v *visible) overwritten(i int32, c *clock) *breach {
	o := &v.ops[i]
	for _, slot := range v.keys[o.key].slots {
		c.Spend(1)
		w := v.last[slot]
		switch {
		case o.from == initial:
			return v.pattern(ruleWriteCOInitRead, w, i)
		case w != o.from && v.before(o.from, w):
			return v.pattern(ruleWriteCORead, o.from, w, i)
		}
	}
	return nil
}

// convergence looks for a cycle in co and cf, or a WriteCOInitRead. The relation that is asked for cycles is a small one with
// the same cycles: of the conflicts of a read with the writes before it, those that follow from the conflicts of the
// last read of the same session and key, and from that one's version coming before this one's, are left out.
func (k *causality) convergence(c *clock) (found *breach) {
	g := k.programAndReads()
	v := newVisible(k)
	for s := range k.sessions {
		v.reset()
		k.walk(int32(s), c, v.enter, func(i int32) {
			if o := &k.ops[i]; o.reads() && found == nil {
				found = v.conflicts(g, i, c)
			}
		})
		if found != nil {
			return k.causal(c) // which finds this one or one that is shown by fewer operations
		}
	}
	if cycle := g.cycle(); cycle != nil {
		return (&breach{rule: ruleCyclicCF, cycle: cycle}).restsOn(k.reading, k.supportOf(g, cycle))
	}
	return nil
}

// pattern is a breach by ops each of which is before the next. The last one is a read, of what the one before it overwrote.
func (k *causality) pattern(rule string, ops ...int32) *breach {
	if k.base == nil {
		k.base = newSupport(k.programAndReads(), func(int32) int32 { return 0 })
	}
	s := k.base
	s.kept, s.edges = map[int32]bool{}, map[int32]bool{}
	var steps []edge
	for i := 1; i < len(ops); i++ {
		s.kept[ops[i-1]], s.kept[ops[i]] = true, true
		steps = append(steps, s.path(ops[i-1], ops[i], int32(len(s.graph.edges)))...)
	}
	read, write := ops[len(ops)-1], ops[len(ops)-2]
	steps = append(steps, edge{read, write, [2]int32{k.ops[read].from, nothing}, antiConflict})
	return (&breach{rule: rule, cycle: steps}).restsOn(k.reading, s.ops())
}

// conflicts adds those of a read to a graph.
func (v *visible) conflicts(g *graph, i int32, c *clock) *breach {
	o := &v.ops[i]
	k := &v.keys[o.key]
	if o.from == initial {
		if len(k.slots) > 0 {
			return v.pattern(ruleWriteCOInitRead, v.last[k.slots[0]], i)
		}
		return nil
	}
	add := func(w int32) {
		if w >= 0 && w != o.from && !v.before(w, o.from) {
			g.addBy(w, o.from, i, conflict)
		}
	}
	add(k.read)
	for _, slot := range k.fresh {
		add(v.last[slot])
	}
	c.Spend(len(k.fresh))
	k.fresh, k.read = k.fresh[:0], o.from
	return nil
}
