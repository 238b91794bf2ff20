package exact

import (
	"slices"
	"unsafe"
)

// solver makes choices so that the graph stays acyclic: conflict-driven clause learning as in MiniSat (Eén and Sörensson 2003). Its theory is
// the graph: a cycle is a clause over the choices that its edges follow from.
type solver struct {
	p       *problem
	g       *graph
	from    *choices // of which the solver makes a part
	choices []choice

	value  []int8    // of each choice: 1 if its first transaction comes first, -1 if second, 0 if open
	level  []int32   // how many decisions there were when it was made
	reason []int32   // the clause that it follows from, or none
	mark   []int     // of each choice that was carried out: how many edges the graph had before
	trail  []literal // the choices that were made, in order
	done   int       // how many of them were carried out
	limits []int     // where in the trail each decision is

	clauses [][]literal
	watches [][]int32 // by literal: the clauses that look at it

	queue    activity
	involved []edge // of the cycles so far
	known    map[edge]bool
	met      []bool
}

func (c *choices) newSolver(part []choice) *solver {
	n := len(part)
	s := &solver{
		p: c.p, g: c.g, from: c, choices: part, value: make([]int8, n), level: make([]int32, n), reason: make([]int32, n), mark: make([]int, n),
		watches: make([][]int32, 2*n), queue: newActivity(n), met: make([]bool, n), known: map[edge]bool{},
	}
	return s
}

// solve looks for choices. If there are none it returns transactions that can probably not be ordered. The last result is false if the bound was met.
func (s *solver) solve() (core []int32, done bool) {
	conflicts, limit := 0, restart
	for {
		conflict := s.propagate()
		switch {
		case s.p.left() <= 0:
			return nil, false
		case conflict != nil:
			if conflicts++; !s.learn(conflict) {
				return s.support(), true
			}
		case conflicts >= limit:
			conflicts, limit = 0, limit+restart
			s.undo(0)
		case !s.decide():
			return nil, true
		}
	}
}

// restart is after how many conflicts decisions are made anew, at first.
const restart = 128

func (s *solver) truth(l literal) int8 {
	if l&1 == 1 {
		return -s.value[l/2]
	}
	return s.value[l/2]
}

// decide makes a choice among those that are open: the one that was in conflicts most, and so that it agrees with the order of the graph. It
// returns false if none is open.
func (s *solver) decide() bool {
	for {
		i, ok := s.queue.pop()
		if !ok {
			return false
		}
		if s.value[i] != 0 {
			continue
		}
		s.limits = append(s.limits, len(s.trail))
		l := literal(2 * i)
		if x := s.choices[i]; s.g.place[s.p.commit(x.b)] < s.g.place[s.p.commit(x.a)] {
			l = l.not()
		}
		s.assign(l, none)
		return true
	}
}

func (s *solver) assign(l literal, reason int32) {
	i := l / 2
	s.value[i] = 1 - 2*int8(l&1)
	s.level[i], s.reason[i] = int32(len(s.limits)), reason
	s.trail = append(s.trail, l)
}

// propagate carries out what was chosen, and what follows from it. It returns the literals of a conflict: all of them true, though they cannot
// be so together.
func (s *solver) propagate() []literal {
	for s.done < len(s.trail) {
		l := s.trail[s.done]
		s.done++
		s.mark[l/2] = len(s.g.edges)
		x := s.choices[l/2]
		if l&1 == 1 {
			x.a, x.b = x.b, x.a
		}
		if cycle := s.p.order(s.g, x.a, x.b, l); cycle != nil {
			s.involve(cycle)
			return literals(cycle)
		}
		if conflict := s.visit(l); conflict != nil {
			return conflict
		}
		if s.p.left() <= 0 {
			return nil
		}
	}
	return nil
}

// involve notes the edges of a cycle, each once.
func (s *solver) involve(cycle []edge) {
	for _, e := range cycle {
		e.nextOut, e.nextIn = none, none
		if !s.known[e] {
			s.known[e] = true
			s.involved = append(s.involved, e)
		}
	}
}

// support is the transactions on which all cycles so far rest.
func (s *solver) support() []int32 {
	found := s.from.support(s.involved)
	for _, e := range s.involved {
		if e.lit >= 0 {
			x := s.choices[e.lit/2]
			found = append(found, x.a, x.b)
		}
	}
	return union(found)
}

// literals are those that edges follow from, each once.
func literals(edges []edge) []literal {
	found := []literal{}
	for _, e := range edges {
		if e.lit >= 0 {
			found = append(found, e.lit)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// visit looks at the clauses that l has made smaller: those that watch its negation.
func (s *solver) visit(l literal) []literal {
	watching := s.watches[l.not()]
	kept := watching[:0]
	for n, c := range watching {
		s.p.steps--
		clause := s.clauses[c]
		if clause[0] == l.not() {
			clause[0], clause[1] = clause[1], clause[0]
		}
		if s.truth(clause[0]) == 1 {
			kept = append(kept, c)
			continue
		}
		if s.watchOther(c) {
			continue
		}
		kept = append(kept, c)
		if s.truth(clause[0]) == -1 {
			kept = append(kept, watching[n+1:]...)
			s.watches[l.not()] = kept
			return negated(clause)
		}
		s.assign(clause[0], c)
	}
	s.watches[l.not()] = kept
	return nil
}

// watchOther makes a clause watch another literal in place of its second one, if it has one that is not false.
func (s *solver) watchOther(c int32) bool {
	clause := s.clauses[c]
	for i := 2; i < len(clause); i++ {
		if s.truth(clause[i]) != -1 {
			clause[1], clause[i] = clause[i], clause[1]
			s.watches[clause[1]] = append(s.watches[clause[1]], c)
			return true
		}
	}
	return false
}

func negated(clause []literal) []literal {
	out := make([]literal, len(clause))
	for i, l := range clause {
		out[i] = l.not()
	}
	return out
}

// undo takes back all decisions but the first n, and what followed from them.
func (s *solver) undo(n int) {
	if len(s.limits) <= n {
		return
	}
	first := s.limits[n]
	if first < s.done {
		s.g.unlink(s.mark[s.trail[first]/2])
	}
	for _, l := range s.trail[first:] {
		s.value[l/2] = 0
		s.queue.push(int32(l / 2))
	}
	s.trail, s.limits, s.done = s.trail[:first], s.limits[:n], min(s.done, first)
}

// learn derives a clause from a conflict, takes back what contradicts it, and makes the choice that follows. It returns false if
// the conflict rests on no decision.
func (s *solver) learn(conflict []literal) bool {
	top := int32(0)
	for _, l := range conflict {
		top = max(top, s.level[l/2])
	}
	if top == 0 {
		return false
	}
	s.undo(int(top)) // what was decided since has no part in it
	clause := s.resolve(conflict, top)
	second := int32(0) // the level of the choice made last but one
	for i, l := range clause[1:] {
		if s.level[l/2] > second {
			second = s.level[l/2]
			clause[1], clause[1+i] = clause[1+i], clause[1]
		}
	}
	s.undo(int(second))
	s.queue.decay()
	if len(clause) == 1 {
		s.assign(clause[0], none)
		return true
	}
	c := int32(len(s.clauses))
	s.p.bytes += clauseBytes + int64(len(clause))*int64(unsafe.Sizeof(clause[0]))
	s.clauses = append(s.clauses, clause)
	s.watches[clause[0]] = append(s.watches[clause[0]], c)
	s.watches[clause[1]] = append(s.watches[clause[1]], c)
	s.assign(clause[0], c)
	return true
}

// resolve replaces what followed from other choices of the top level by these, until one choice of that level is left: the first unique
// implication point. Its negation comes first in the clause.
func (s *solver) resolve(conflict []literal, top int32) []literal {
	clause := []literal{0}
	open := 0
	var met []literal
	add := func(l literal) {
		i := l / 2
		if s.met[i] || s.level[i] == 0 {
			return
		}
		s.met[i] = true
		met = append(met, l)
		s.queue.bump(int32(i))
		if s.level[i] == top {
			open++
		} else {
			clause = append(clause, l.not())
		}
	}
	for _, l := range conflict {
		add(l)
	}
	for at := len(s.trail) - 1; ; at-- {
		l := s.trail[at]
		if !s.met[l/2] || s.level[l/2] != top {
			continue
		}
		if open--; open == 0 {
			clause[0] = l.not()
			break
		}
		for _, other := range s.clauses[s.reason[l/2]] {
			if other != l {
				add(other.not())
			}
		}
	}
	for _, l := range met {
		s.met[l/2] = false
	}
	return clause
}
