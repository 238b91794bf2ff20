package recorded

import (
	"maps"
	"slices"
	"unsafe"

	"faultline/history"
)

// whole is a history that is kept in memory, for what is decided over all of it at once.
type whole struct {
	ops    []history.Operation // in order of invocation
	open   map[int]int         // process → where its operation is in ops
	values int64               // bytes of the values in ops
	faults []history.Event
}

func newWhole() whole { return whole{open: map[int]int{}} }

func (h *whole) add(e *history.Event, op *history.Operation) {
	switch {
	case e.Process == history.Nemesis:
		h.faults = append(h.faults, *e)
	case op != nil:
		h.ops[h.open[e.Process]] = *op
		delete(h.open, e.Process)
		h.values += op.Input.Bytes() + op.Output.Bytes()
	default:
		h.open[e.Process] = len(h.ops)
		if len(h.ops) == cap(h.ops) {
			h.ops = slices.Grow(h.ops, max(len(h.ops), 1)) // there may be millions, which would be copied again and again
		}
		h.ops = append(h.ops, history.Operation{Process: int32(e.Process)}) // until it is known what came of it
	}
}

// operations are all that there are, with those that nothing completed.
func (h *whole) operations(pending []history.Operation) []history.Operation {
	for _, op := range pending {
		h.ops[h.open[int(op.Process)]] = op
	}
	return h.ops
}

// operationBytes are the bytes of an operation without what its values hold.
const operationBytes = int64(unsafe.Sizeof(history.Operation{}))

func (h *whole) remembered() int64 { return int64(len(h.ops))*operationBytes + h.values }

func (h *whole) keys() []string {
	keys := map[string]bool{}
	for i := range h.ops {
		keys[h.ops[i].Key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}
