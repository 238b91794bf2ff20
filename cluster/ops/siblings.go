package ops

import "faultline/history"

// Siblings is a register that keeps concurrent writes side by side, as Dynamo's shopping carts and Riak's objects do: what it holds are
// its siblings, the values that no later write has replaced. Its operations are Read, whose answer is the list of siblings, and Write with a
// SiblingWrite. Unlike a replicated MVRegister it leaves it to the store to tell writes from each other.
const Siblings = "siblings"

// SiblingWrite is the value of a Write into siblings, [5,[1,3]]: it writes 5, unique in the test, in place of 1 and 3.
//
//	ok      nothing more
//	fail    it certainly was not and will not be written
//	info    nobody knows; it may be written later, once
type SiblingWrite struct {
	Value history.Value
	// Replaces is all that the last Read of this client on this key returned. It is empty if the client has not read since it last wrote;
	// then the write replaces nothing.
	Replaces []history.Value
}

// Encode is the write as a value: [5,[1,3]].
func (w SiblingWrite) Encode() history.Value {
	return history.ListValue(w.Value, history.ListValue(w.Replaces...))
}

// DecodeSiblingWrite is the inverse of SiblingWrite.Encode. The error says what the value is instead.
func DecodeSiblingWrite(v history.Value) (SiblingWrite, error) {
	parts, err := fields(v, 2, "a write of siblings")
	if err != nil {
		return SiblingWrite{}, err
	}
	replaced, err := each(parts[1], "what a write of siblings replaces", func(v history.Value) (history.Value, error) { return v, nil })
	return SiblingWrite{parts[0], replaced}, err
}
