package wr

// Internal finds the reads that do not see what their own transaction wrote before: positions in h.Events. They refute every
// level in which a transaction has one view, that is read atomic and all above it, and Biswas and Enea's read committed, but
// not Adya's.
func Internal(h *History) []int32 {
	var found []int32
	wroteBy := make([]int32, h.Keys) // 1 more than the last transaction that wrote the key
	for t := range int32(h.Len()) {
		for i, e := range h.Of(t) {
			switch {
			case e.IsWrite():
				wroteBy[e.Key] = t + 1
			case wroteBy[e.Key] == t+1:
				found = append(found, h.First[t]+int32(i))
			}
		}
	}
	return found
}
