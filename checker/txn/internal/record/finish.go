package record

import (
	"runtime"
	"slices"
	"sync"

	"faultline/history"
)

// Finish resolves what reads saw. The builder is of no use afterwards.
func (b *Builder) Finish() *History {
	h := &b.h
	h.First = append(h.First, int32(len(h.Steps.Kind)))
	for i := range b.prefixes.Len() {
		h.Keys.Prefixes = append(h.Keys.Prefixes, b.prefixes.Value(int32(i)).Word())
	}
	h.Keys.arrange(&h.Steps)
	h.Keys.scan()
	if h.Model == ListAppend {
		b.layOut()
	}
	h.Committed = make([]bool, h.Len())
	for t, outcome := range h.Outcome {
		h.Committed[t] = outcome == history.OK
	}
	for _, r := range b.resolve() {
		h.Duplicates = append(h.Duplicates, r.duplicates...)
		h.Lists.Aside = append(h.Lists.Aside, r.aside...)
		for _, t := range r.seen {
			h.Committed[t] = true
		}
	}
	slices.SortFunc(h.Lists.Aside, func(a, b Aside) int { return int(a.Step - b.Step) })
	return h
}

// layOut puts the elements of all lists one behind the other, and forgets the branches of keys that have one.
func (b *Builder) layOut() {
	l := &b.h.Lists
	n := b.h.Keys.Len()
	l.Base, l.Length = make([]int32, n+1), make([]int32, n)
	l.Writer, l.Agreed = nil, make([]int32, n)
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

// resolve resolves the reads of all keys, on all processors.
func (b *Builder) resolve() []resolver {
	workers := min(runtime.GOMAXPROCS(0), 1+len(b.h.Steps.Kind)/blockLength)
	resolvers := make([]resolver, workers)
	var wait sync.WaitGroup
	for i := range resolvers {
		r := &resolvers[i]
		r.h, r.lists = &b.h, b.lists
		from, to := b.share(i, workers), b.share(i+1, workers)
		wait.Go(func() {
			for key := from; key < to; key++ {
				r.resolve(key)
			}
		})
	}
	wait.Wait()
	return resolvers
}

// share is the first key of a worker's share: all have about as many steps.
func (b *Builder) share(worker, workers int) int32 {
	first := b.h.Keys.First
	key, _ := slices.BinarySearch(first[:b.h.Keys.Len()], int32(int64(worker)*int64(first[b.h.Keys.Len()])/int64(workers)))
	if worker == workers {
		key = b.h.Keys.Len()
	}
	return int32(key)
}
