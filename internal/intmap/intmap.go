// Package intmap maps integers to numbers. Most of those that workloads write, and that tools give as names, count up from 0: then the map is a list.
package intmap

// Map has a number for some integers. The zero value is empty.
type Map struct {
	dense  []int32 // one more than the number of each integer that is small; 0 for what has none
	sparse map[int64]int32
	len    int
}

// Get is the number of an integer.
func (m *Map) Get(i int64) (number int32, ok bool) {
	if i >= 0 && i < int64(len(m.dense)) && m.dense[i] > 0 {
		return m.dense[i] - 1, true
	}
	number, ok = m.sparse[i]
	return number, ok
}

// Set gives a number, which is not negative, to an integer that may have one. In the list there is room for a few times as many as have one.
func (m *Map) Set(i int64, number int32) {
	if _, ok := m.Get(i); !ok {
		m.len++
	}
	const spare = 1 << 10
	if _, ok := m.sparse[i]; ok || i < 0 || i >= int64(4*m.len+spare) {
		if m.sparse == nil {
			m.sparse = map[int64]int32{}
		}
		m.sparse[i] = number
		return
	}
	if missing := int(i) + 1 - len(m.dense); missing > 0 {
		m.dense = append(m.dense, make([]int32, missing)...)
	}
	m.dense[i] = number + 1
}
