package txn

import "faultline/checker/txn/internal/record"

// sessions numbers the sessions whose order counts: those of the processes. A transaction that is not known to have ended may take effect after
// what its process did next, so it is a session by itself, unless it is the last of its process. (Jepsen's processes end with such a
// transaction.)
func sessions(h *record.History) []int32 {
	session := make([]int32, h.Len())
	next := int32(0)
	later := map[int32]bool{} // processes that do something later
	known := map[int32]int32{}
	for t := h.Len() - 1; t >= 0; t-- {
		process := h.Process[t]
		number, ok := known[process]
		if !ok || later[process] && h.Returned[t] == record.Never {
			number = next
			next++
		}
		if !ok {
			known[process] = number
		}
		session[t], later[process] = number, true
	}
	return session
}
