package record

import (
	"slices"

	"faultline/checker/txn/internal/parallel"
	"faultline/history"
	"faultline/internal/timebound"
)

// Finish resolves what reads saw. It returns nil if the builder was stopped. The builder is of no use afterwards.
func (b *Builder) Finish() *History {
	if timebound.Closed(b.stop) {
		return nil
	}
	h := &b.h
	h.First = append(h.First, int32(len(h.Steps.Kind)))
	for i := range b.prefixes.Len() {
		h.Keys.Prefixes = append(h.Keys.Prefixes, b.prefixes.Value(int32(i)).Word())
	}
	cells := h.Keys.arrange(&h.Steps)
	h.Keys.scan()
	if h.Model == ListAppend {
		b.layOut()
	}
	h.Committed = make([]bool, h.Len())
	for t, outcome := range h.Outcome {
		h.Committed[t] = outcome == history.OK
	}
	for _, r := range b.resolve(cells) {
		h.Duplicates = append(h.Duplicates, r.duplicates...)
		h.Lists.Aside = append(h.Lists.Aside, r.aside...)
		for _, t := range r.seen {
			h.Committed[t] = true
		}
	}
	if h.Model == RWRegister {
		h.takeBack(cells)
	}
	slices.SortFunc(h.Lists.Aside, func(a, b Aside) int { return int(a.Step - b.Step) })
	if timebound.Closed(b.stop) {
		return nil // not all keys were resolved
	}
	return h
}

// layOut puts the elements of all lists one behind the other, and forgets the branches of keys that have one.
func (b *Builder) layOut() {
	l := &b.h.Lists
	n := b.h.Keys.Len()
	l.Base, l.Length = make([]int32, n+1), make([]int32, n)
	l.Agreed = make([]int32, n)
	total := 0
	for _, lists := range b.lists {
		total += len(lists.longest())
	}
	l.Elements = make([]Element, 0, total)
	for key, lists := range b.lists {
		l.Base[key] = int32(len(l.Elements))
		l.Length[key] = int32(len(lists.longest()))
		l.Elements = lists.appendElements(l.Elements)
		if len(lists) == 1 {
			b.lists[key] = nil
		}
	}
	l.Base[n] = int32(len(l.Elements))
	l.Writer = make([]int32, len(l.Elements))
}

// resolve resolves the reads of all keys. The keys are divided into shares of about as many steps.
func (b *Builder) resolve(all cells) []resolver {
	shares := 1 + len(b.h.Steps.Kind)/(8*blockLength)
	resolvers := make([]resolver, shares)
	unknown := slices.Contains(b.h.Outcome, history.Info)
	parallel.Each(shares, func(i int) {
		r := &resolvers[i]
		r.h, r.lists, r.all, r.unknown = &b.h, b.lists, all, unknown
		for key := b.share(i, shares); key < b.share(i+1, shares) && !timebound.Closed(b.stop); key++ {
			r.resolve(key)
		}
		r.table = table{}
	})
	return resolvers
}

// share is the first key of a share.
func (b *Builder) share(i, shares int) int32 {
	n := b.h.Keys.Len()
	if i == shares {
		return int32(n)
	}
	first := b.h.Keys.First
	key, _ := slices.BinarySearch(first[:n], int32(int64(i)*int64(first[n])/int64(shares)))
	return int32(key)
}
