package objects

import (
	"encoding/json"

	"faultline/cluster/ops"
	"faultline/history"
)

// lock belongs to one client at a time. Its fencing token is the position of the call by which that client has acquired it.
type lock struct {
	reentrant bool // it is the type's
	held
}

// held is the holder of a lock.
type held struct {
	Owner uint64 `json:"owner"` // means nothing while Holds is 0
	Holds uint64 `json:"holds"` // how often the owner must release it
	Token uint64 `json:"token"`
}

var (
	locks = kind{name: ops.Lock, changes: []string{ops.Acquire, ops.Release}, check: nothing,
		fresh: func() Object { return &lock{} }}
	reentrantLocks = kind{name: ops.ReentrantLock, changes: []string{ops.Acquire, ops.Release}, check: nothing,
		fresh: func() Object { return &lock{reentrant: true} }}
)

func (l *lock) change(f string, _ history.Value, c Call) Answer {
	mine := l.Holds > 0 && l.Owner == c.Client
	switch {
	case f == ops.Acquire && l.Holds == 0:
		l.held = held{Owner: c.Client, Holds: 1, Token: c.Index}
		return answer(history.IntValue(int64(l.Token)))
	case f == ops.Acquire && mine && l.reentrant:
		l.Holds++
		return answer(history.IntValue(int64(l.Token)))
	case f == ops.Release && mine:
		if l.Holds--; l.Holds == 0 {
			l.held = held{}
		}
		return ok
	default:
		return refused
	}
}

// Clone implements Object.
func (l *lock) Clone() Object { return &lock{l.reentrant, l.held} }

// MarshalJSON implements json.Marshaler.
func (l *lock) MarshalJSON() ([]byte, error) { return json.Marshal(l.held) }

// UnmarshalJSON implements json.Unmarshaler.
func (l *lock) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &l.held) }
