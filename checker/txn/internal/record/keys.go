package record

import (
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
	others       []*elements.Numbers // of each key the values that are not integers; nil if there are none
}

// Len is the number of keys.
func (k *Keys) Len() int { return k.names.Len() }

// Name is a key as it stands in the history: an integer, a text or a keyword.
func (k *Keys) Name(key int32) history.Value { return k.names.Value(key) }

// Of are the steps of a key, in order.
func (k *Keys) Of(key int32) []int32 { return k.Steps[k.First[key]:k.First[key+1]] }

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

// arrange sorts the steps by key.
func (k *Keys) arrange(s *Steps) {
	k.First = make([]int32, k.Len()+1)
	for i, kind := range s.Kind {
		if kind != Scan {
			k.First[s.Key[i]+1]++
		}
	}
	for i := range k.Len() {
		k.First[i+1] += k.First[i]
	}
	k.Steps = make([]int32, k.First[k.Len()])
	next := append([]int32(nil), k.First[:k.Len()]...)
	for i, kind := range s.Kind {
		if kind != Scan {
			key := s.Key[i]
			k.Steps[next[key]] = int32(i)
			next[key]++
		}
	}
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
