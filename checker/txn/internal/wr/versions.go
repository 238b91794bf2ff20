package wr

// Versions are the writes of each key that can be read: the last one of each transaction.
type Versions struct {
	Writer []int32 // key by key
	First  []int32 // key k has the versions First[k] to First[k+1]-1, in the order that was given

	reader    []int32 // version by version
	firstRead []int32 // version i has reader[firstRead[i]:firstRead[i+1]]

	initially    []int32 // the readers of initial values, key by key
	firstInitial []int32
}

// Readers are the transactions that read version i: one for each read.
func (v *Versions) Readers(i int32) []int32 { return v.reader[v.firstRead[i]:v.firstRead[i+1]] }

// InitialReaders are those that read the value that the key had at first.
func (v *Versions) InitialReaders(key int32) []int32 {
	return v.initially[v.firstInitial[key]:v.firstInitial[key+1]]
}

// NewVersions sorts the versions of each key as their writers are in order, which has all transactions.
func NewVersions(h *History, order []int32) *Versions {
	v := &Versions{}
	v.placeWriters(h, order)
	v.placeReaders(h)
	return v
}

// placeWriters sorts the writers by key, and within a key as they are in order.
func (v *Versions) placeWriters(h *History, order []int32) {
	wrote := make([]int32, h.Keys) // 1 more than the last transaction that was found to write the key
	each := func(f func(t, key int32)) {
		for _, t := range order {
			for _, e := range h.Of(t) {
				if e.IsWrite() && wrote[e.Key] != t+1 {
					wrote[e.Key] = t + 1
					f(t, e.Key)
				}
			}
		}
		clear(wrote)
	}
	v.First = make([]int32, h.Keys+1)
	each(func(_, key int32) { v.First[key+1]++ })
	end := sum(v.First)
	v.Writer = make([]int32, v.First[h.Keys])
	each(func(t, key int32) { v.Writer[end[key]] = t; end[key]++ })
}

// placeReaders sorts the reads by the version that they read.
func (v *Versions) placeReaders(h *History) {
	reads := newReads(h)
	version := make([]int32, h.Len()) // of the key that is looked at
	read := make([]int32, len(reads.all))
	v.firstRead, v.firstInitial = make([]int32, len(v.Writer)+1), make([]int32, h.Keys+1)
	for key := range int32(h.Keys) {
		for i := v.First[key]; i < v.First[key+1]; i++ {
			version[v.Writer[i]] = i
		}
		for i := reads.first[key]; i < reads.first[key+1]; i++ {
			if from := reads.all[i].from; from == Initial {
				read[i] = Initial
				v.firstInitial[key+1]++
			} else {
				read[i] = version[from]
				v.firstRead[version[from]+1]++
			}
		}
	}
	end, endInitial := sum(v.firstRead), sum(v.firstInitial)
	v.reader, v.initially = make([]int32, v.firstRead[len(v.Writer)]), make([]int32, v.firstInitial[h.Keys])
	for key := range int32(h.Keys) {
		for i := reads.first[key]; i < reads.first[key+1]; i++ {
			if n := read[i]; n == Initial {
				v.initially[endInitial[key]] = reads.all[i].by
				endInitial[key]++
			} else {
				v.reader[end[n]] = reads.all[i].by
				end[n]++
			}
		}
	}
}

// reads are the reads of each key.
type reads struct {
	all   []struct{ by, from int32 }
	first []int32
}

func newReads(h *History) reads {
	r := reads{first: make([]int32, h.Keys+1)}
	for _, e := range h.Events {
		if !e.IsWrite() {
			r.first[e.Key+1]++
		}
	}
	end := sum(r.first)
	r.all = make([]struct{ by, from int32 }, r.first[h.Keys])
	for t := range int32(h.Len()) {
		for _, e := range h.Of(t) {
			if !e.IsWrite() {
				r.all[end[e.Key]] = struct{ by, from int32 }{t, e.From}
				end[e.Key]++
			}
		}
	}
	return r
}

// sum turns counts, each a place too late, into where each part starts, and returns a copy of that to count up again.
func sum(counts []int32) []int32 {
	for i := range counts[1:] {
		counts[i+1] += counts[i]
	}
	return append([]int32(nil), counts...)
}
