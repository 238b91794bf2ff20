package direct

import (
	"slices"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/internal/record"
)

// Lists finds the anomalies of transactions that append to lists and read them. It takes linear time.
func Lists(h *record.History) []Anomaly {
	found := parallel.Collect(h.Keys.Len(), func(key int, found []Anomaly) []Anomaly {
		k := listKey{h, int32(key), found}
		for run := range h.Keys.Runs(int32(key)) {
			k.within(run)
			k.reordered(run)
		}
		k.versions()
		return k.found
	})
	found = append(found, scanned(h)...)
	return inOrder(append(found, Common(h)...))
}

// listKey finds what is wrong with one list.
type listKey struct {
	h     *record.History
	key   int32
	found []Anomaly
}

func (k *listKey) add(name Name, e record.Element, steps ...int32) {
	k.found = append(k.found, Anomaly{name, k.key, steps, e})
}

// within looks at the steps of one transaction on the key.
func (k *listKey) within(run []int32) {
	from := 0           // the last read, or the first step
	longest := int32(0) // up to which place a read may have seen appends
	for i, step := range run {
		if !isRead(k.h, step) {
			if place := k.h.Steps.Saw[step]; place >= 0 && place < longest {
				k.future(run[:i], step)
			}
			continue
		}
		longest = max(longest, k.seen(step))
		if i > from && k.contradicts(run[from:i], step) {
			k.add(Internal, 0, append(slices.Clone(run[from:i]), step)...)
		}
		from = i
	}
}

// reordered looks for appends of a committed transaction that others see in another order than that in which it made them.
func (k *listKey) reordered(run []int32) {
	s, l := &k.h.Steps, &k.h.Lists
	last, known := int32(-1), l.Base[k.key]+l.Agreed[k.key]
	for _, step := range run {
		if s.Kind[step] != record.Write || s.Saw[step] < 0 || s.Saw[step] >= known || !k.h.Committed[s.Txn[step]] {
			continue
		}
		if last >= 0 && s.Saw[step] < s.Saw[last] {
			k.add(ReorderedAppends, 0, last, step)
			return
		}
		last = step
	}
}

// future looks for a read that saw what its own transaction appended later.
func (k *listKey) future(before []int32, step int32) {
	if k.h.Steps.Kind[step] != record.Write {
		return
	}
	for _, read := range before {
		if isRead(k.h, read) && k.contains(read, step) {
			k.add(FutureRead, k.h.Steps.Value[step], read, step)
			return
		}
	}
}

// contradicts reports whether a read does not find what the steps before it must have left: what the first of them read, if it is a read, and
// what the transaction has appended since (the axiom INT of Cerone, Bernardi and Gotsman 2015).
func (k *listKey) contradicts(before []int32, read int32) bool {
	list := k.h.ListOf(read)
	known := isRead(k.h, before[0])
	if known {
		first := k.h.ListOf(before[0])
		if len(list) < len(first) || !slices.Equal(first, list[:len(first)]) {
			return true
		}
		list, before = list[len(first):], before[1:]
	}
	appended := before[:0:0]
	for _, step := range before {
		if k.h.Steps.Kind[step] == record.Write {
			appended = append(appended, step)
		}
	}
	if len(list) < len(appended) || known && len(list) > len(appended) {
		return true
	}
	for i, e := range list[len(list)-len(appended):] {
		if k.h.Steps.Value[appended[i]] != e {
			return true
		}
	}
	return false
}

// contains reports whether a read saw what an append to the key wrote.
func (k *listKey) contains(read, write int32) bool {
	place := k.h.Steps.Saw[write]
	return place >= 0 && k.saw(read, place)
}

// seen is the place up to which a read saw elements, or more.
func (k *listKey) seen(read int32) int32 {
	l := &k.h.Lists
	if _, aside := l.AsideOf(read); aside {
		return l.Base[k.key+1]
	}
	return l.Base[k.key] + int32(k.h.Steps.Value[read])
}

// saw reports whether a read saw the element at a place.
func (k *listKey) saw(read, place int32) bool {
	l := &k.h.Lists
	if a, aside := l.AsideOf(read); aside {
		return slices.Contains(a.Elements, l.Elements[place])
	}
	return int64(place-l.Base[k.key]) < int64(k.h.Steps.Value[read])
}
