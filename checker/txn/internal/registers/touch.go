package registers

import (
	"faultline/checker/txn/internal/record"
)

// touch is what a committed transaction has to do with a key.
type touch struct {
	txn   int32
	first int32 // the version that it read before it wrote, else the one that it wrote
	last  int32 // the version that it wrote, else the one that it read
}

// none is no version. The others are steps that write, or record.Initial.
const none = -1 << 31

// touches are those of a key, in order of invocation. What a transaction read is left out if it is unknown, or no version. Of transactions with one
// step each the data alone says nothing: then they can be left out.
func (v *Versions) touches(key int32, all []touch, several bool) []touch {
	h := v.history
	if several {
		for run := range h.Keys.Runs(key) {
			all = v.touch(h.Steps.Txn[run[0]], run, all)
		}
		return all
	}
	steps := h.Keys.Of(key)
	for from := 0; from < len(steps); {
		to, txn := from+1, h.Steps.Txn[steps[from]]
		for to < len(steps) && h.Steps.Txn[steps[to]] == txn {
			to++
		}
		all = v.touch(txn, steps[from:to], all)
		from = to
	}
	return all
}

// touch adds that of a transaction, of which these are all steps on the key.
func (v *Versions) touch(txn int32, steps []int32, all []touch) []touch {
	if !v.history.Committed[txn] {
		return all
	}
	t := touch{txn: txn, first: none, last: none}
	for _, step := range steps {
		v.step(step, &t)
	}
	if t.first == none {
		return all
	}
	return append(all, t)
}

// step adds a step of the transaction to its touch.
func (v *Versions) step(step int32, t *touch) {
	h := v.history
	switch h.Steps.Kind[step] {
	case record.Write:
		if v.final[step] {
			if t.last = step; t.first == none {
				t.first = step
			}
		}
	case record.Read, record.Scanned:
		if saw := h.Steps.Saw[step]; t.first == none && v.isVersion(saw) && (saw < 0 || h.Steps.Txn[saw] != t.txn) {
			t.first, t.last = saw, saw
		}
	}
}

// isVersion reports whether what a read saw is a version: the initial one, or the last that a committed transaction wrote to the key.
func (v *Versions) isVersion(saw int32) bool {
	return saw == record.Initial || saw >= 0 && v.final[saw] && v.history.Committed[v.history.Steps.Txn[saw]]
}

// Final reports whether a step is the last write of its transaction to its key.
func (v *Versions) Final(step int32) bool { return v.final[step] }
