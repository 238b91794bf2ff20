package history

// names holds the strings that were read last, and the values that are texts or literals, so that the few that recur on
// every line are allocated once. It is a cache of fixed size: a history on millions of keys does not fill the memory.
type names struct {
	strings [4096]string
	shapes  [4096]*shape
}

// longestName is how long a string may be to be kept.
const longestName = 64

// of returns b as a string.
func (n *names) of(b []byte) string {
	if n == nil || len(b) == 0 || len(b) > longestName {
		return string(b)
	}
	slot := &n.strings[hashName(b)%uint32(len(n.strings))]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

// text returns b as a text.
func (n *names) text(b []byte) Value { return Value{shape: n.shape(Text, b)} }

// literal returns b, which nests nothing, as a literal.
func (n *names) literal(b []byte) Value { return Value{shape: n.shape(Literal, b)} }

func (n *names) shape(kind Kind, b []byte) *shape {
	if n == nil || len(b) > longestName {
		return &shape{kind: kind, text: string(b)}
	}
	slot := &n.shapes[hashName(b)%uint32(len(n.shapes))]
	if known := *slot; known == nil || known.kind != kind || known.text != string(b) {
		*slot = &shape{kind: kind, text: string(b)}
	}
	return *slot
}

func hashName(b []byte) uint32 {
	h := uint32(len(b))
	for _, c := range b {
		h = h*31 + uint32(c)
	}
	return h
}
