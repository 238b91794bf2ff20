package viewer

// stringTable numbers texts in order of appearance; 0 is the empty one.
type stringTable struct {
	numbers map[string]uint32
	bytes   []byte
	ends    []uint32
}

func newStringTable() *stringTable {
	return &stringTable{numbers: map[string]uint32{"": 0}, ends: []uint32{0}}
}

// number is that of a text.
func (t *stringTable) number(s string) uint32 {
	if n, ok := t.numbers[s]; ok {
		return n
	}
	n := uint32(len(t.ends))
	t.numbers[s] = n
	t.bytes = append(t.bytes, s...)
	t.ends = append(t.ends, uint32(len(t.bytes)))
	return n
}

// write puts the table into a container: the texts one behind the other, and where each ends.
func (t *stringTable) write(c *container) {
	c.add("strings.bytes", t.bytes)
	c.add("strings.ends", t.ends)
}
