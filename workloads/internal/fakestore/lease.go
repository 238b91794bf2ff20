package fakestore

import (
	"maps"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// onLease carries out an operation on a lease.
func (s *store) onLease(op cluster.Op, at time.Time) cluster.Outcome {
	if op.F == ops.Grant {
		ms, _ := op.Value.Int()
		s.state.Granted++
		l := &lease{TTL: time.Duration(ms) * time.Millisecond}
		s.state.Leases[s.state.Granted] = l
		return s.renew(s.state.Granted, l, at)
	}
	a, err := ops.DecodeAttachment(op.Value)
	if err != nil {
		a.Lease, _ = op.Value.Int()
	}
	l := s.state.Leases[a.Lease]
	switch {
	case l == nil:
		return failed(ops.LeaseNotFound)
	case op.F == ops.Attach:
		s.state.Keys[op.Key] = a.Value.String()
		l.Keys = append(l.Keys, op.Key)
	case op.F == ops.KeepAlive:
		return s.renew(a.Lease, l, at)
	case s.bug == KeepKey:
		delete(s.state.Leases, a.Lease)
	default:
		s.end(a.Lease)
	}
	return cluster.Outcome{Type: history.OK}
}

// renew gives a lease its TTL from a time on.
func (s *store) renew(id int64, l *lease, at time.Time) cluster.Outcome {
	ttl := l.TTL
	if s.bug == ExpireEarly {
		ttl /= 2
	}
	if deadline := at.Add(ttl); deadline.After(l.Deadline) {
		l.Deadline = deadline
	}
	return ok(ops.Lease{ID: id, TTL: l.TTL}.Encode())
}

// expire ends the leases whose time is up.
func (s *store) expire(at time.Time) {
	for _, id := range slices.Sorted(maps.Keys(s.state.Leases)) {
		if s.bug != NeverExpire && s.state.Leases[id].Deadline.Before(at) {
			s.end(id)
		}
	}
}

// end deletes a lease with its keys.
func (s *store) end(id int64) {
	for _, key := range s.state.Leases[id].Keys {
		delete(s.state.Keys, key)
	}
	delete(s.state.Leases, id)
}
