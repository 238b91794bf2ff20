package exact

// activity is a heap of choices, those first that were in conflicts often and lately; else in their order.
type activity struct {
	score []float64
	step  float64
	heap  []int32
	at    []int32 // where in the heap each choice is, or none
}

func newActivity(n int) activity {
	a := activity{score: make([]float64, n), step: 1, heap: make([]int32, n), at: make([]int32, n)}
	for i := range int32(n) {
		a.heap[i], a.at[i] = i, i
	}
	return a
}

func (a *activity) less(i, j int32) bool {
	if a.score[i] != a.score[j] {
		return a.score[i] > a.score[j]
	}
	return i < j
}

func (a *activity) pop() (int32, bool) {
	if len(a.heap) == 0 {
		return 0, false
	}
	top, last := a.heap[0], a.heap[len(a.heap)-1]
	a.heap = a.heap[:len(a.heap)-1]
	a.at[top] = none
	if len(a.heap) > 0 {
		a.put(0, last)
		a.down(0)
	}
	return top, true
}

func (a *activity) push(i int32) {
	if a.at[i] != none {
		return
	}
	a.heap = append(a.heap, i)
	a.at[i] = int32(len(a.heap) - 1)
	a.up(a.at[i])
}

// bump notes that a choice was in a conflict.
func (a *activity) bump(i int32) {
	if a.score[i] += a.step; a.score[i] > 1e100 {
		for j := range a.score {
			a.score[j] *= 1e-100
		}
		a.step *= 1e-100
	}
	if a.at[i] != none {
		a.up(a.at[i])
	}
}

// decay makes later conflicts count more.
func (a *activity) decay() { a.step /= 0.95 }

func (a *activity) put(at, i int32) { a.heap[at], a.at[i] = i, at }

func (a *activity) up(at int32) {
	i := a.heap[at]
	for at > 0 {
		parent := (at - 1) / 2
		if !a.less(i, a.heap[parent]) {
			break
		}
		a.put(at, a.heap[parent])
		at = parent
	}
	a.put(at, i)
}

func (a *activity) down(at int32) {
	i := a.heap[at]
	for {
		child := 2*at + 1
		if int(child) >= len(a.heap) {
			break
		}
		if int(child)+1 < len(a.heap) && a.less(a.heap[child+1], a.heap[child]) {
			child++
		}
		if !a.less(a.heap[child], i) {
			break
		}
		a.put(at, a.heap[child])
		at = child
	}
	a.put(at, i)
}
