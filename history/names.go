package history

// names holds the strings that were read last, so that the few that recur on every line are allocated
// once. It is a cache of fixed size: a history on millions of keys does not fill the memory.
type names [4096]string

// of returns b as a string.
func (n *names) of(b []byte) string {
	if n == nil || len(b) == 0 || len(b) > 64 {
		return string(b)
	}
	h := uint32(len(b))
	for _, c := range b {
		h = h*31 + uint32(c)
	}
	slot := &n[h%uint32(len(n))]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}
