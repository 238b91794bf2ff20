package nemesis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// scope says which links a fault is about, by groups of nodes: those between nodes that are in groups and
// never in the same one, in both directions; with >, those from the first group to the second; and where
// there is one group alone, all links of its nodes.
type scope struct {
	groups []targets
	oneWay bool // from the first of the two groups to the second
}

// groupSymbols can stand for a group among others, nodeSymbols for one that stands alone, scopeSymbols for the
// first of either.
var (
	groupSymbols = []symbol{theLeader, one, minority, majority, theRest}
	nodeSymbols  = []symbol{theLeader, one, minority, majority, all}
	scopeSymbols = append(slices.Clone(groupSymbols), all)
)

const scopeUsage = "names or a symbol (leader, one, minority, majority, all) for all links of these nodes, " +
	"or groups: n1 | n2,n3 for the links between them, leader > rest for one direction"

func (s scope) String() string {
	words := make([]string, len(s.groups))
	for i, g := range s.groups {
		words[i] = g.String()
	}
	if s.oneWay {
		return strings.Join(words, " > ")
	}
	return strings.Join(words, " | ")
}

// parseGroups reads groups, the first of which may be one of these symbols.
func parseGroups(l *line, verb string, first []symbol) (scope, error) {
	var s scope
	if err := s.parseGroup(l, verb, first); err != nil {
		return s, err
	}
	if l.skip(">") {
		s.oneWay = true
		return s, s.parseGroup(l, verb, groupSymbols)
	}
	for l.skip("|") {
		if err := s.parseGroup(l, verb, groupSymbols); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *scope) parseGroup(l *line, verb string, allowed []symbol) error {
	g, err := parseTargets(l, verb, allowed)
	if err == nil && g.symbol == theRest && slices.ContainsFunc(s.groups, isRest) {
		err = l.errorf("rest stands for all that no other group holds; it can stand once")
	}
	s.groups = append(s.groups, g)
	return err
}

func isRest(t targets) bool { return t.symbol == theRest }

// parseScope reads groups, or one that stands alone.
func parseScope(l *line, verb string) (scope, error) {
	ahead := *l
	s, err := parseGroups(&ahead, verb, scopeSymbols)
	if err != nil {
		return s, err
	}
	first := s.groups[0].symbol
	switch lone := len(s.groups) == 1; {
	case first == all && !lone:
		l.next()
		return s, l.errorf("all leaves no node for another group")
	case first == theRest && lone:
		l.next()
		return s, l.errorf("rest stands for all that no other group holds, and there is no other")
	}
	*l = ahead
	return s, nil
}

var errNoLink = errors.New("there is no such link: every two of these nodes are together in a group")

// check refuses a scope for which certainly no link is left.
func (s scope) check(f *forecast, verb string, allowed []symbol) error {
	left := len(f.nodes) // for symbols to stand for
	taken := make([]bool, len(f.nodes))
	for _, g := range s.groups {
		for _, name := range g.names {
			n, err := f.node(name, allowed)
			if err != nil {
				return err
			}
			if !taken[n] {
				taken[n] = true
				left--
			}
		}
	}
	named := true
	for _, g := range s.groups {
		if g.symbol == noSymbol {
			continue
		}
		named = false
		if left--; left < 0 || g.symbol.random() && g.symbol.size(len(f.nodes)) == 0 {
			return f.refuse(g.String(), "certainly no node is left for %s", g)
		}
	}
	if named && s.links(f.nodes).empty() {
		return f.refuse(verb, "%v", errNoLink)
	}
	return nil
}

// resolve is the scope with nodes for symbols, if there is a link in it. The leader is looked up before
// chance chooses among those who are left, and the rest is what is left then.
func (s scope) resolve(r *Runner) (scope, error) {
	order := inOrder(len(s.groups))
	slices.SortStableFunc(order, func(i, j int) int { return int(s.groups[i].symbol) - int(s.groups[j].symbol) })

	q := scope{groups: make([]targets, len(s.groups)), oneWay: s.oneWay}
	taken := make([]bool, len(r.nodes))
	for _, i := range order {
		g := s.groups[i]
		chosen, err := r.choose(g, func(n int) bool { return !taken[n] })
		if err != nil {
			return scope{}, err
		}
		if len(chosen) == 0 {
			return scope{}, fmt.Errorf("no node is left for %s", g)
		}
		for _, n := range chosen {
			if g.symbol == theLeader && taken[n] {
				return scope{}, fmt.Errorf("the leader, %s, is in another group", r.nodes[n])
			}
			taken[n] = true
			q.groups[i].names = append(q.groups[i].names, r.nodes[n])
		}
	}
	if q.links(r.nodes).empty() {
		return scope{}, errNoLink
	}
	return q, nil
}

// links are those of a scope without symbols.
func (s scope) links(nodes []string) links {
	l := newLinks(len(nodes))
	for a, from := range nodes {
		for b, to := range nodes {
			l[a][b] = a != b && s.has(from, to)
		}
	}
	return l
}

// has reports whether the link from one node to another is in a scope without symbols.
func (s scope) has(from, to string) bool {
	switch {
	case s.oneWay:
		return s.groups[0].has(from) && s.groups[1].has(to)
	case len(s.groups) == 1:
		return s.groups[0].has(from) || s.groups[0].has(to)
	}
	hasFrom, hasTo := false, false
	for _, g := range s.groups {
		if g.has(from) && g.has(to) {
			return false
		}
		hasFrom, hasTo = hasFrom || g.has(from), hasTo || g.has(to)
	}
	return hasFrom && hasTo
}

func (t targets) has(name string) bool { return slices.Contains(t.names, name) }
