package replicated

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// neighbours reads the argument of an insert.
func neighbours(u *update) error {
	pair, ok := u.Argument.List()
	if !ok || len(pair) != 2 {
		return fmt.Errorf("its argument is %s, which are not the two neighbours of a character", u.Argument)
	}
	var err error
	if u.after, err = name(pair[0], u.Context); err == nil {
		u.before, err = name(pair[1], u.Context)
	}
	return err
}

// character reads the argument of a delete.
func character(u *update) (err error) {
	if u.character, err = name(u.Argument, u.Context); err == nil && u.character == (logical.Dot{}) {
		err = fmt.Errorf("it deletes no character")
	}
	return err
}

// name reads the name of a character that an update has seen; null is the zero dot.
func name(v history.Value, seen logical.Vector) (dot logical.Dot, err error) {
	if v.Kind() == history.Nil {
		return dot, nil
	}
	text, _ := v.Text()
	if dot, err = logical.ParseDot(text); err == nil && !seen.Includes(dot) {
		err = fmt.Errorf("it is about %v, which it has not seen", dot)
	}
	return dot, err
}

// disordered finds what is wrong with the characters of a text, or their order.
func (o *object) disordered() *checker.Finding {
	if o.dataType.value != nil {
		return nil
	}
	t := &text{object: o}
	if f := t.read(); f != nil {
		return f
	}
	if f := t.contradiction("order", "two orders", t.precedences); f != nil {
		return f
	}
	forward := t.leftOrigins()
	if f := t.contradiction("forward", "interleaving", forward.lifted(t.precedences)); f != nil {
		return f
	}
	backward := t.bothOrigins()
	return t.contradiction("backward", "interleaving", backward.lifted(t.precedencesWithout(backward.open)))
}

// text is an object that is one, with what clients have seen of the order of its characters.
type text struct {
	*object
	reads       []reading
	inserts     []*update // that an answer has seen
	precedences []precedence
}

// reading is a read with the characters that it returned.
type reading struct {
	op         *history.Operation
	characters []logical.Dot
}

// precedence is that a character comes before another by an operation: a read that has both, or an insert between its neighbours. In a
// tree it is that of two subtrees, because of two characters in them.
type precedence struct {
	from, to logical.Dot
	x, y     logical.Dot
	by       *history.Operation
}

// read collects what answers tell. The finding is of a read that has not the characters that it should have.
func (t *text) read() *checker.Finding {
	inserted := map[*update]bool{}
	for _, a := range t.answers {
		if a.sees == nil {
			continue
		}
		for _, u := range a.sees {
			if u.op.F == ops.Insert && !inserted[u] {
				inserted[u] = true
				t.inserts = append(t.inserts, u)
			}
		}
		if a.made != nil {
			continue
		}
		r, f := t.characters(a)
		if f != nil {
			return f
		}
		t.reads = append(t.reads, r)
	}
	t.precedences = t.precedencesWithout(nil)
	return nil
}

// characters reads an answer. Each character must be one that the answer sees inserted and not deleted, and there once.
func (t *text) characters(a *answer) (reading, *checker.Finding) {
	there := map[logical.Dot]*update{}
	for _, u := range a.sees {
		if u.op.F == ops.Insert {
			there[u.Dot] = u
		}
	}
	for _, u := range a.sees {
		delete(there, u.character)
	}
	r := reading{op: a.op}
	for v := range a.Value.Elements {
		word, _ := v.Text()
		dot, _ := logical.ParseDot(word)
		if there[dot] == nil {
			f := t.Found("value", fmt.Sprintf("%v has %s, which is not inserted by what it has seen, is deleted or comes twice", a, v), a.op, t.operation(dot), t.deletion(a, dot))
			return r, &f
		}
		delete(there, dot)
		r.characters = append(r.characters, dot)
	}
	for _, u := range t.updates {
		if there[u.Dot] != nil {
			f := t.Found("value", fmt.Sprintf("%v lacks the character of %v, which it has seen and nobody deleted", a, u), a.op, u.op)
			return r, &f
		}
	}
	return r, nil
}

// deletion is that of a character, if an answer sees one.
func (t *text) deletion(a *answer, dot logical.Dot) *history.Operation {
	for _, u := range a.sees {
		if u.op.F == ops.Delete && u.character == dot {
			return u.op
		}
	}
	return nil
}

// precedencesWithout are those of all characters but some.
func (t *text) precedencesWithout(some map[logical.Dot]bool) (all []precedence) {
	told := map[[2]logical.Dot]bool{}
	tell := func(x, y logical.Dot, by *history.Operation) {
		if pair := [2]logical.Dot{x, y}; !told[pair] && x != (logical.Dot{}) && y != (logical.Dot{}) && !some[x] && !some[y] {
			told[pair] = true
			all = append(all, precedence{x, y, x, y, by})
		}
	}
	for _, u := range t.inserts {
		tell(u.after, u.Dot, u.op)
		tell(u.Dot, u.before, u.op)
	}
	for _, r := range t.reads {
		t.Clock.Spend(len(r.characters))
		var last logical.Dot
		for _, c := range r.characters {
			if !some[c] {
				tell(last, c, r.op)
				last = c
			}
		}
	}
	return all
}

// contradiction is the finding of a shortest circle of precedences, if there is one.
func (t *text) contradiction(rule, anomaly string, all []precedence) *checker.Finding {
	circle := shortestCircle(t.Clock, all)
	if circle == nil {
		return nil
	}
	var told []string
	var shown []*history.Operation
	for _, chain := range chains(circle) {
		names := []string{chain[0].x.String()}
		for _, p := range chain {
			names = append(names, p.y.String())
			shown = append(shown, p.by)
			if rule != "order" {
				shown = append(shown, t.operation(p.x), t.operation(p.y))
			}
		}
		if rule == "order" {
			names = []string{names[0], names[len(names)-1]}
		}
		told = append(told, fmt.Sprintf("%s by process %d's %s", strings.Join(names, " before "), chain[0].by.Process, chain[0].by.F))
	}
	f := t.Found(rule, t.Name+": "+strings.Join(told, ", and ")+explained[rule], shown...)
	f.Anomaly = anomaly
	return &f
}

// chains are precedences that follow each other, those of one operation together.
func chains(circle []precedence) (all [][]precedence) {
	for _, p := range circle {
		if last := len(all) - 1; last >= 0 && all[last][0].by == p.by && all[last][len(all[last])-1].y == p.x {
			all[last] = append(all[last], p)
			continue
		}
		all = append(all, []precedence{p})
	}
	return all
}

// explained is why what was found breaks a rule.
var explained = map[string]string{
	"order":    "",
	"forward":  ": what was typed one after the other is interleaved with what was typed elsewhere",
	"backward": ": what was inserted one before the other is interleaved with what was inserted elsewhere",
}
