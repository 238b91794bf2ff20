package linear

import "container/heap"

// waiting are elements of which the first by an order comes out next.
type waiting struct {
	elements []*element
	order    func(a, b element) int
}

func (w *waiting) put(e *element) { heap.Push(w, e) }

// take takes the first out; nil if there is none.
func (w *waiting) take() *element {
	if len(w.elements) == 0 {
		return nil
	}
	return heap.Pop(w).(*element)
}

// Len is for heap, as are the following.
func (w *waiting) Len() int           { return len(w.elements) }
func (w *waiting) Less(i, j int) bool { return w.order(*w.elements[i], *w.elements[j]) < 0 }
func (w *waiting) Swap(i, j int)      { w.elements[i], w.elements[j] = w.elements[j], w.elements[i] }
func (w *waiting) Push(e any)         { w.elements = append(w.elements, e.(*element)) }
func (w *waiting) Pop() any {
	last := len(w.elements) - 1
	e := w.elements[last]
	w.elements = w.elements[:last]
	return e
}
