package txn

import "fmt"

// names calls the transactions of a finding T1, T2, … in the order in which they are numbered.
type names struct {
	numbers map[int32]int
	order   []int32
	said    map[int32]bool
	process []int32 // of each transaction
}

func (a *analysis) names() *names {
	return &names{numbers: map[int32]int{}, said: map[int32]bool{}, process: a.record.Process}
}

// number gives a transaction its number.
func (n *names) number(t int32) {
	if n.numbers[t] == 0 {
		n.order = append(n.order, t)
		n.numbers[t] = len(n.order)
	}
}

// of mentions a transaction: the first time with its process.
func (n *names) of(t int32) string {
	n.number(t)
	if n.said[t] {
		return n.short(t)
	}
	n.said[t] = true
	return fmt.Sprintf("%s (process %d)", n.short(t), n.process[t])
}

// short is the name of a transaction that has a number.
func (n *names) short(t int32) string { return fmt.Sprintf("T%d", n.numbers[t]) }

// at is the place of a transaction in the order.
func (n *names) at(t int32) int { return n.numbers[t] - 1 }
