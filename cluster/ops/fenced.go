package ops

import "faultline/history"

// A fenced lock is a lock that may be lost while it is held, as a lease is, and a register that it protects. Acquire and Release are
// those of a lock, and each acquire has a token. The register takes no write with a token that is smaller than one that it has seen:
// see Martin Kleppmann, "How to do distributed locking", 2016.
//
// A Read of a fenced lock returns what was written last, a Fenced, or null if nothing was.

// FencedWrite writes the register of a lock, with the token of whoever believes that it holds the lock.
//
//	value   a Fenced, [token,5]
//	ok      nothing more
//	fail    nothing was written. The error is history.PreconditionFailed if the register has seen a larger token.
//	info    nobody knows; it may be written later, once, if no larger token has come by then
const FencedWrite = "write"

// Fenced is a value with the token that it was written with.
type Fenced struct {
	Token int64
	Value history.Value
}

// Encode is the write as a value: [token, value].
func (f Fenced) Encode() history.Value {
	return history.ListValue(history.IntValue(f.Token), f.Value)
}

// DecodeFenced is the inverse of Fenced.Encode. The error says what the value is instead.
func DecodeFenced(v history.Value) (Fenced, error) {
	parts, err := fields(v, 2, "a fenced write")
	if err != nil {
		return Fenced{}, err
	}
	token, err := whole(parts[0], "a token")
	return Fenced{Token: token, Value: parts[1]}, err
}
