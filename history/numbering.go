package history

// numbering is which numbers names have that are integers. Mostly these count up from 0, and then it is a list. The zero value is ready.
type numbering struct {
	dense  []int32 // one more than the number of each name that is small; 0 for what has none
	sparse map[int64]int32
	names  int
}

func (n *numbering) of(name int64) (number int32, known bool) {
	if name >= 0 && name < int64(len(n.dense)) && n.dense[name] > 0 {
		return n.dense[name] - 1, true
	}
	number, known = n.sparse[name]
	return number, known
}

// set gives a name a number. In the list there is room for a few times as many names as there are.
func (n *numbering) set(name int64, number int32) {
	const spare = 1 << 10
	n.names++
	if name < 0 || name >= int64(4*n.names+spare) {
		if n.sparse == nil {
			n.sparse = map[int64]int32{}
		}
		n.sparse[name] = number
		return
	}
	if missing := int(name) + 1 - len(n.dense); missing > 0 {
		n.dense = append(n.dense, make([]int32, missing)...)
	}
	n.dense[name] = number + 1
}
