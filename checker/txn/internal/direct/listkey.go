package direct

import "faultline/checker/txn/internal/record"

// versions looks at what was read of the key by all.
func (k *listKey) versions() {
	l := &k.h.Lists
	for place := l.Base[k.key]; place < l.Base[k.key+1]; place++ {
		switch writer := l.Writer[place]; {
		case writer == record.Garbage:
			k.add(GarbageRead, l.Elements[place], k.firstThat(func(read int32) bool { return k.saw(read, place) }))
		case writer >= 0 && k.h.Aborted(writer):
			k.add(G1a, l.Elements[place], writer, k.firstThat(func(read int32) bool { return k.saw(read, place) }))
			k.dirtyUpdate(place)
		}
	}
	if l.Agreed[k.key] < l.Base[k.key+1]-l.Base[k.key] {
		k.duplicates()
		k.orders()
	}
}

// firstThat is the first read of the key for which something holds.
func (k *listKey) firstThat(holds func(read int32) bool) int32 {
	for _, step := range k.h.Keys.Of(k.key) {
		if isRead(k.h, step) && holds(step) {
			return step
		}
	}
	return record.Unread
}

// dirtyUpdate looks for a committed write behind an aborted one, with nothing but aborted ones between them.
func (k *listKey) dirtyUpdate(place int32) {
	l := &k.h.Lists
	for next := place + 1; next < l.Base[k.key]+l.Length[k.key]; next++ {
		if writer := l.Writer[next]; writer >= 0 && !k.h.Aborted(writer) {
			k.add(DirtyUpdate, l.Elements[place], l.Writer[place], writer)
			return
		}
	}
}

// duplicates looks for a read that has an element twice.
func (k *listKey) duplicates() {
	var twice record.Element
	read := k.firstThat(func(read int32) (ok bool) {
		twice, ok = repeated(k.h.ListOf(read))
		return ok
	})
	if read >= 0 {
		k.add(DuplicateElements, twice, read)
	}
}

// repeated is an element that comes twice in a list.
func repeated(list []record.Element) (e record.Element, ok bool) {
	seen := make(map[record.Element]bool, len(list))
	for _, e := range list {
		if seen[e] {
			return e, true
		}
		seen[e] = true
	}
	return 0, false
}

// orders looks for reads that do not agree.
func (k *listKey) orders() {
	var other *record.Aside
	read := k.firstThat(func(read int32) (aside bool) {
		other, aside = k.h.Lists.AsideOf(read)
		return aside
	})
	if read < 0 {
		return
	}
	longer := k.firstThat(func(read int32) bool {
		_, aside := k.h.Lists.AsideOf(read)
		return !aside && int64(k.h.Steps.Value[read]) > int64(other.Common)
	})
	k.add(IncompatibleOrder, other.Elements[other.Common], longer, read)
}
