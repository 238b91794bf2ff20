package datatypes

import (
	"faultline/cluster/logical"
	"faultline/history"
)

// LWWRegister is a register whose last write wins, by stamps. Of concurrent writes all but one are lost.
type LWWRegister struct {
	Stamp logical.Stamp `json:"stamp"` // of the write; zero before the first
	Value int64         `json:"value"`
}

func (r *LWWRegister) delta(u Update) (Content, []logical.Dot, error) {
	value, err := integer(u.Argument)
	return &LWWRegister{u.Stamp(), value}, nil, err
}

func (r *LWWRegister) join(other Content, _, _ Dots) {
	if theirs := other.(*LWWRegister); theirs.Stamp.Compare(r.Stamp) > 0 {
		*r = *theirs
	}
}

func (r *LWWRegister) value() history.Value {
	if r.Stamp.Time == 0 {
		return history.NilValue()
	}
	return history.IntValue(r.Value)
}
