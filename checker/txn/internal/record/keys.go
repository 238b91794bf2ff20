package record

import (
	"iter"
	"math/bits"
	"strings"

	"faultline/checker/internal/elements"
	"faultline/history"
)

// Keys are the keys of a history, numbered in order of their first step.
type Keys struct {
	names    elements.Numbers
	Prefixes []string // of scans, in order of their first step
	// Under has, for each prefix, the keys that begin with it, in order.
	Under [][]int32
	// First[k]:First[k+1] in Steps are the steps of key k in order: its writes and reads, and what scans found of it.
	First, Steps []int32
	again        []uint64            // a bit for each place in Steps: whether the step belongs to the same transaction as the one before it, and to the same key
	others       []*elements.Numbers // of each key the values that are not integers; nil if there are none
}

// Len is the number of keys.
func (k *Keys) Len() int { return k.names.Len() }

// Name is a key as it stands in the history: an integer, a text or a keyword.
func (k *Keys) Name(key int32) history.Value { return k.names.Value(key) }

// Of are the steps of a key, in order.
func (k *Keys) Of(key int32) []int32 { return k.Steps[k.First[key]:k.First[key+1]] }

// Runs are the steps of each transaction on a key, of those that have several.
func (k *Keys) Runs(key int32) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		for at, end := k.First[key], k.First[key+1]; ; {
			second := k.nextAgain(at, end)
			if second == end {
				return
			}
			for at = second + 1; at < end && k.isAgain(at); {
				at++
			}
			if !yield(k.Steps[second-1 : at]) {
				return
			}
		}
	}
}

func (k *Keys) isAgain(at int32) bool { return k.again[at>>6]>>(at&63)&1 != 0 }

// nextAgain is the first place from at on whose step belongs to the transaction of the one before it; end if there is none before that. Mostly there are
// few in thousands.
func (k *Keys) nextAgain(at, end int32) int32 {
	for ; at < end; at = (at | 63) + 1 {
		if rest := k.again[at>>6] >> (at & 63); rest != 0 {
			return min(end, at+int32(bits.TrailingZeros64(rest)))
		}
	}
	return end
}

// Value is what an element of a key stands for; Nil for Absent.
func (k *Keys) Value(key int32, e Element) history.Value {
	switch {
	case e == Absent:
		return history.NilValue()
	case e >= Other:
		return k.others[key].Value(int32(e - Other))
	default:
		return history.IntValue(int64(e))
	}
}

// arrange sorts the steps by key, and returns their cells.
func (k *Keys) arrange(s *Steps) cells {
	k.First = make([]int32, k.Len()+1)
	for i, kind := range s.Kind {
		if kind != Scan {
			k.First[s.Key[i]+1]++
		}
	}
	for i := range k.Len() {
		k.First[i+1] += k.First[i]
	}
	n := k.First[k.Len()]
	k.Steps, k.again = make([]int32, n), make([]uint64, n/64+1)
	c := cells{make([]Kind, n), make([]Element, n)}
	last := make([]int32, k.Len()) // one more than the transaction of the last step of each key
	k.each(s, func(step, at int32) {
		key, t := s.Key[step], s.Txn[step]+1
		if last[key] == t {
			k.again[at>>6] |= 1 << (at & 63)
		}
		last[key] = t
		k.Steps[at], c.kinds[at], c.values[at] = step, s.Kind[step], s.Value[step]
		if s.Saw[step] == Unread && s.Kind[step] != Write {
			c.kinds[at] = unread
		}
	})
	return c
}

// each goes through the steps in order, with the place of each in Keys.Steps.
func (k *Keys) each(s *Steps, do func(step, at int32)) {
	next := append([]int32(nil), k.First[:k.Len()]...)
	for i, kind := range s.Kind {
		if kind != Scan {
			key := s.Key[i]
			do(int32(i), next[key])
			next[key]++
		}
	}
}

// cells are what the steps of Keys.Steps are and hold. Those of a key are together here, whereas in Steps they are far from each other.
type cells struct {
	kinds  []Kind
	values []Element
}

// unread is the kind of a read, in cells, whose answer is not known.
const unread Kind = 1<<8 - 1

// of are the cells of a key.
func (c cells) of(k *Keys, key int32) cells {
	from, to := k.First[key], k.First[key+1]
	return cells{c.kinds[from:to], c.values[from:to]}
}

// scan finds the keys under each prefix.
func (k *Keys) scan() {
	k.Under = make([][]int32, len(k.Prefixes))
	if len(k.Prefixes) == 0 {
		return
	}
	for key := range int32(k.Len()) {
		name := k.Name(key).Word()
		for i, prefix := range k.Prefixes {
			if strings.HasPrefix(name, prefix) {
				k.Under[i] = append(k.Under[i], key)
			}
		}
	}
}

// element is what stands for a value of a key. Others are the values of the key that are not integers.
func element(v history.Value, others **elements.Numbers) Element {
	if n, ok := v.Int(); ok && Element(n) < Other {
		return Element(n)
	}
	if v.Kind() == history.Nil {
		return Absent
	}
	if *others == nil {
		*others = new(elements.Numbers)
	}
	return Other + Element((*others).Of(v))
}
