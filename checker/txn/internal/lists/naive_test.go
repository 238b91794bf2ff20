package lists_test

import (
	"fmt"
	"slices"
	"strings"

	"faultline/history"
)

// naive infers from a history what package lists infers, by the definitions and in no hurry.
type naive struct {
	txns []naiveTxn
	keys map[string]*naiveKey
}

type naiveTxn struct {
	outcome history.Type
	steps   []naiveStep
}

type naiveStep struct {
	f, key, value string
	list          []string
	known         bool                // the answer of a read is known
	found         map[string][]string // by a scan
}

type naiveKey struct {
	writers map[string][]at // of each value
	reads   []naiveRead
	longest []string
	agreed  int
	ordered bool
}

type at struct{ txn, step int }

type naiveRead struct {
	at
	list      []string
	predicate bool
}

func naiveOf(ops []history.Operation) *naive {
	n := &naive{keys: map[string]*naiveKey{}}
	for t, op := range ops {
		n.txns = append(n.txns, naiveTxn{outcome: op.Outcome})
		v := op.Input
		if op.Outcome == history.OK {
			v = op.Output
		}
		steps, _ := v.List()
		for i, s := range steps {
			n.step(at{t, i}, s, op.Outcome == history.OK)
		}
	}
	for t := range n.txns {
		for i, s := range n.txns[t].steps {
			n.scanned(at{t, i}, s)
		}
	}
	for _, k := range n.keys {
		k.order()
	}
	return n
}

func (n *naive) key(name string) *naiveKey {
	if n.keys[name] == nil {
		n.keys[name] = &naiveKey{writers: map[string][]at{}}
	}
	return n.keys[name]
}

func (n *naive) step(a at, v history.Value, ok bool) {
	parts, _ := v.List()
	s := naiveStep{f: parts[0].Word(), key: parts[1].String(), value: parts[2].String(), known: ok}
	switch s.f {
	case "append":
		k := n.key(s.key)
		k.writers[s.value] = append(k.writers[s.value], a)
	case "r":
		s.list = texts(parts[2])
		k := n.key(s.key)
		if ok {
			k.reads = append(k.reads, naiveRead{a, s.list, false})
		}
	case "scan":
		s.key, s.found = parts[1].Word(), map[string][]string{}
		entries, _ := parts[2].Map()
		for _, e := range entries {
			s.found[e[0].String()] = texts(e[1])
			n.key(e[0].String())
		}
	}
	n.txns[a.txn].steps = append(n.txns[a.txn].steps, s)
}

// scanned makes a scan a read of all keys with its prefix.
func (n *naive) scanned(a at, s naiveStep) {
	if s.f != "scan" || !s.known {
		return
	}
	for name, k := range n.keys {
		if list, found := s.found[name]; found || strings.HasPrefix(strings.Trim(name, `"`), s.key) {
			k.reads = append(k.reads, naiveRead{a, list, true})
		}
	}
}

func texts(v history.Value) []string {
	var all []string
	for e := range v.Elements {
		all = append(all, e.String())
	}
	return all
}

func hasPrefix(list, prefix []string) bool {
	return len(prefix) <= len(list) && slices.Equal(list[:len(prefix)], prefix)
}

// order finds up to where all reads agree.
func (k *naiveKey) order() {
	for _, r := range k.reads {
		if len(r.list) > len(k.longest) {
			k.longest = r.list
		}
	}
	k.agreed = len(k.longest)
	for _, r := range k.reads {
		for !hasPrefix(k.longest, r.list) && !hasPrefix(r.list, k.longest[:k.agreed]) {
			k.agreed--
		}
	}
	k.ordered = k.agreed == len(k.longest)
	for i, v := range k.longest {
		if slices.Contains(k.longest[:i], v) || len(k.writers[v]) > 1 {
			k.agreed = min(k.agreed, i)
			k.ordered = false
		}
	}
	for _, r := range k.reads {
		k.ordered = k.ordered && hasPrefix(k.longest, r.list)
	}
}

// seen reports whether a read saw the value.
func (k *naiveKey) seen(v string) bool {
	return slices.ContainsFunc(k.reads, func(r naiveRead) bool { return slices.Contains(r.list, v) })
}

func (n *naive) committed(t int) bool {
	if n.txns[t].outcome != history.Info {
		return n.txns[t].outcome == history.OK
	}
	return slices.ContainsFunc(n.txns[t].steps, func(s naiveStep) bool {
		return s.f == "append" && len(n.keys[s.key].writers[s.value]) == 1 && n.keys[s.key].seen(s.value)
	})
}

// edges are all dependencies, as text, where behind tells who installed the versions of a key that those of so many elements lead to.
func (n *naive) edges(behind func(k *naiveKey, length int) []int) []string {
	var all []string
	add := func(from, to int, kind string) {
		if from != to && n.committed(from) && n.committed(to) {
			all = append(all, fmt.Sprintf("%d %s %d", from, kind, to))
		}
	}
	for _, k := range n.keys {
		for _, r := range k.reads {
			kind := "rw"
			if r.predicate {
				kind = "rw by predicate"
			}
			if len(r.list) > 0 {
				if w := k.writers[r.list[len(r.list)-1]]; len(w) == 1 {
					add(w[0].txn, r.txn, "wr")
				}
			}
			if hasPrefix(k.longest[:k.agreed], r.list) {
				for _, next := range behind(k, len(r.list)) {
					add(r.txn, next, kind)
				}
			}
		}
		for i, v := range k.longest[:k.agreed] {
			if w := k.writers[v]; len(w) == 1 {
				for _, next := range behind(k, i+1) {
					add(w[0].txn, next, "ww")
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// next are the transactions that may have installed the version after the one of so many elements.
func (n *naive) next(k *naiveKey, length int) []int {
	if known := n.known(k, length); len(known) > 0 {
		return known[:1]
	}
	return n.unread(k)
}

// later are the transactions that installed any version behind the one of so many elements.
func (n *naive) later(k *naiveKey, length int) []int {
	return append(n.known(k, length), n.unread(k)...)
}

// known are the transactions that installed versions behind the one of so many elements, in their order.
func (n *naive) known(k *naiveKey, length int) []int {
	var known []int
	for _, v := range k.longest[length:k.agreed] {
		if w := k.writers[v]; len(w) == 1 && n.committed(w[0].txn) {
			known = append(known, w[0].txn)
		}
	}
	return known
}

// unread are the transactions that wrote a key, and nobody read it, if that is certain to be behind all that was read.
func (n *naive) unread(k *naiveKey) []int {
	var late []int
	for v, w := range k.writers {
		if k.ordered && !k.seen(v) {
			for _, a := range w {
				late = append(late, a.txn)
			}
		}
	}
	return late
}

// direct are the anomalies that need no graph, as text.
func (n *naive) direct() []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for name, k := range n.keys {
		for v, w := range k.writers {
			if len(w) > 1 {
				add("duplicate-appends %s %s", name, v)
			}
			if len(w) == 1 && n.txns[w[0].txn].outcome == history.Fail && k.seen(v) {
				add("G1a %s %s", name, v)
			}
		}
		var repeated, incompatible bool
		updates := map[string]int{}
		for _, r := range k.reads {
			for i, v := range r.list {
				if len(k.writers[v]) == 0 {
					add("garbage-read %s %s", name, v)
				}
				repeated = repeated || slices.Contains(r.list[:i], v)
			}
			incompatible = incompatible || !hasPrefix(k.longest, r.list)
			if len(r.list) > 0 {
				if w := k.writers[r.list[len(r.list)-1]]; len(w) == 1 && w[0].txn != r.txn && n.txns[w[0].txn].outcome != history.Fail && n.writesAgain(w[0], name) {
					add("G1b %d %s %s", r.txn, name, r.list[len(r.list)-1])
				}
			}
			if n.isUpdate(r, name) && hasPrefix(k.longest, r.list) {
				last := "[]"
				if len(r.list) > 0 {
					last = r.list[len(r.list)-1]
				}
				if w := k.writers[last]; last == "[]" || len(w) == 1 {
					updates[last]++
				}
			}
		}
		for last, times := range updates {
			if times > 1 {
				add("lost-update %s %s", name, last)
			}
		}
		if repeated {
			add("duplicate-elements %s", name)
		}
		if incompatible {
			add("incompatible-order %s", name)
		}
	}
	for t, txn := range n.txns {
		for i, s := range txn.steps {
			if n.committed(t) && s.f == "append" && n.reordered(txn.steps[:i], s) {
				add("reordered-appends %d %s", t, s.key)
			}
			if s.f == "r" && s.known && n.contradicts(txn.steps[:i], s) {
				add("internal %d %s", t, s.key)
			}
			for name := range n.keys {
				list, found := s.found[name]
				read := naiveStep{key: name, list: list}
				if s.f == "scan" && s.known && (found || strings.HasPrefix(strings.Trim(name, `"`), s.key)) && n.contradicts(txn.steps[:i], read) {
					add("internal %d %s", t, name)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (n *naive) writesAgain(a at, key string) bool {
	return slices.ContainsFunc(n.txns[a.txn].steps[a.step+1:], func(s naiveStep) bool { return s.f == "append" && s.key == key })
}

// isUpdate reports whether a read is the first thing that its transaction does to the key, which it then writes.
func (n *naive) isUpdate(r naiveRead, key string) bool {
	touches := func(s naiveStep) bool { _, found := s.found[key]; return s.f != "scan" && s.key == key || found }
	steps := n.txns[r.txn].steps
	return !slices.ContainsFunc(steps[:r.step], touches) && touches(steps[r.step]) && n.writesAgain(r.at, key)
}

// reordered reports whether the list has an append of a transaction before an earlier one of it.
func (n *naive) reordered(before []naiveStep, later naiveStep) bool {
	k := n.keys[later.key]
	place := slices.Index(k.longest[:k.agreed], later.value)
	return place >= 0 && slices.ContainsFunc(before, func(s naiveStep) bool {
		return s.f == "append" && s.key == later.key && slices.Contains(k.longest[place+1:k.agreed], s.value)
	})
}

func (n *naive) contradicts(before []naiveStep, read naiveStep) bool {
	var state []string
	exact := false
	for _, s := range before {
		list, found := s.found[read.key]
		switch {
		case s.f == "append" && s.key == read.key:
			state = append(slices.Clone(state), s.value)
		case s.f == "r" && s.key == read.key:
			state, exact = s.list, true
		case found, s.f == "scan" && s.known && strings.HasPrefix(strings.Trim(read.key, `"`), s.key):
			state, exact = list, true
		}
	}
	if exact {
		return !slices.Equal(state, read.list)
	}
	return len(state) > len(read.list) || !slices.Equal(state, read.list[len(read.list)-len(state):])
}
