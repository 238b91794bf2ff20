package exact

import "container/heap"

// moments is a queue of nodes, the one of the smallest moment first.
type moments []event

type event struct {
	moment int64
	node   int32
}

func (m moments) Len() int { return len(m) }
func (m moments) Less(i, j int) bool {
	if m[i].moment != m[j].moment {
		return m[i].moment < m[j].moment
	}
	return m[i].node < m[j].node
}
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *moments) Push(x any)   { *m = append(*m, x.(event)) }
func (m *moments) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

var _ heap.Interface = (*moments)(nil)
