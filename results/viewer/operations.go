package viewer

import (
	"math"

	"faultline/history"
)

// operations are the columns of a history's operations, by invocation.
type operations struct {
	strings *stringTable
	rows    map[int]int // process → the row of the operation that it has open

	invoke, ret       []float64 // ns since the start; ret is that of the completing event, -1 if there is none
	process           []int32
	f, key            []uint32 // numbers of texts
	node, reason      []uint32
	input, output     []uint32 // see value
	outcome           []byte   // see outcomes
	logIndex          []uint64
	invoked, returned []int32 // positions in the history; -1 if there is none
}

// outcomes are numbered in the order in which a legend has them.
var outcomes = map[history.Type]byte{history.OK: 0, history.Fail: 1, history.Info: 2}

func newOperations(s *stringTable) *operations {
	return &operations{strings: s, rows: map[int]int{}}
}

// invocation adds a row.
func (o *operations) invocation(e *history.Event, position int) {
	o.rows[e.Process] = len(o.invoke)
	o.invoke = append(o.invoke, float64(e.Time))
	o.ret = append(o.ret, -1)
	o.process = append(o.process, int32(e.Process))
	o.f = append(o.f, o.strings.number(e.F))
	o.key = append(o.key, o.strings.number(e.Key))
	o.node = append(o.node, o.strings.number(e.Node))
	o.reason = append(o.reason, 0)
	o.input = append(o.input, o.value(e.Value))
	o.output = append(o.output, 0)
	o.outcome = append(o.outcome, outcomes[history.Info])
	o.logIndex = append(o.logIndex, 0)
	o.invoked = append(o.invoked, int32(position))
	o.returned = append(o.returned, -1)
}

// completion fills in the rest of a row.
func (o *operations) completion(e *history.Event, op *history.Operation, position int) {
	row := o.rows[e.Process]
	delete(o.rows, e.Process)
	o.ret[row] = float64(e.Time)
	o.node[row] = o.strings.number(op.Node())
	o.reason[row] = o.strings.number(op.Reason())
	o.output[row] = o.value(op.Output)
	o.outcome[row] = outcomes[op.Outcome]
	o.logIndex[row] = op.LogIndex
	o.returned[row] = int32(position)
}

// value is a value in four bytes: 0 for none, 2n+1 for the integer n, and 2n for the text number n, which is the value
// as people read it. Most values are small integers, which then take no room in the table.
func (o *operations) value(v history.Value) uint32 {
	if v.Kind() == history.None {
		return 0
	}
	if n, ok := v.Int(); ok && n >= 0 && n < math.MaxInt32 {
		return uint32(n)<<1 | 1
	}
	return o.strings.number(v.Shown()) << 1
}

// row is the operation that was invoked at a position of the history.
func (o *operations) row(position int) (row int, ok bool) {
	low, high := 0, len(o.invoked)
	for low < high {
		if mid := (low + high) / 2; int(o.invoked[mid]) < position {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, low < len(o.invoked) && int(o.invoked[low]) == position
}

func (o *operations) write(c *container) {
	c.add("op.invoke", o.invoke)
	c.add("op.return", o.ret)
	c.add("op.process", o.process)
	c.add("op.f", o.f)
	c.add("op.key", o.key)
	c.add("op.node", o.node)
	c.add("op.reason", o.reason)
	c.add("op.input", o.input)
	c.add("op.output", o.output)
	c.add("op.outcome", o.outcome)
	c.addUints("op.log_index", o.logIndex)
	c.add("op.invoked", o.invoked)
	c.add("op.returned", o.returned)
}
