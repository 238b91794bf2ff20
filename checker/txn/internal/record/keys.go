package record

import "faultline/history"

// Keys are the keys of a history, numbered in order of their first step.
type Keys struct {
	Names    []history.Value // of each key: an integer, a text or a keyword
	Prefixes []string        // of scans
	// First[k]:First[k+1] in Steps are the steps of key k in order: its writes and reads, and what scans read of it.
	First, Steps []int32
	others       map[int32][]history.Value // the values of a key that are not integers, in order of their first step
}

// Value is what an element of a key stands for; Nil for Absent.
func (k *Keys) Value(key int32, e Element) history.Value {
	switch {
	case e == Absent:
		return history.NilValue()
	case e >= Other:
		return k.others[key][e-Other]
	default:
		return history.IntValue(int64(e))
	}
}
