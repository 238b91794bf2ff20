package raftkv

import (
	"cmp"
	"slices"
)

// session is what the machine remembers of a client. The table is part of every snapshot: a retry may
// come after the log before it is gone.
type session struct {
	client, serial uint64
	result         result
}

// sessions is the table, in the order of clients: nothing is dropped from it, and each snapshot and each fingerprint goes through all of it. A new
// client has the highest number, or nearly.
type sessions []session

func (s sessions) place(client uint64) (i int, there bool) {
	return slices.BinarySearchFunc(s, client, func(e session, client uint64) int { return cmp.Compare(e.client, client) })
}

// of is a client's session; the zero one if it has none.
func (s sessions) of(client uint64) session {
	if i, there := s.place(client); there {
		return s[i]
	}
	return session{}
}

// set puts a session in the place of the client's last.
func (s *sessions) set(e session) {
	if i, there := s.place(e.client); there {
		(*s)[i] = e
	} else {
		*s = slices.Insert(*s, i, e)
	}
}
