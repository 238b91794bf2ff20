package runtime

import _ "unsafe"

// In a process with several hosts each goroutine bears the number of its own in g.faultlineHost, which what it starts
// inherits. 0 is no host.

// What the goroutines of a host may do.
const (
	faultlineRuns = iota
	faultlinePaused
	faultlineDead // they never run again
)

const faultlineMostHosts = 1 << 16

var faultlineHosts [faultlineMostHosts]struct {
	state uint8
	held  gQueue // goroutines that could run if they were not paused
	wall  int64  // by how much the wall clock is wrong, in ns
}

//go:linkname faultlineGetHost
//go:nosplit
func faultlineGetHost() uint64 { return getg().faultlineHost }

//go:linkname faultlineSetHost
func faultlineSetHost(n uint64) {
	getg().faultlineHost = n
	if faultlineHosts[n].state != faultlineRuns {
		Gosched()
	}
}

//go:linkname faultlineSetHostWall
func faultlineSetHostWall(n uint64, offset int64) { faultlineHosts[n].wall = offset }

// faultlineHold reports whether the goroutine that is next to run is held back.
func faultlineHold(gp *g) bool {
	h := &faultlineHosts[gp.faultlineHost]
	if h.state == faultlineRuns || gp.lockedm != 0 {
		return false
	}
	gp.waitreason = waitReasonSelectNoCases // idle, for synctest
	casgstatus(gp, _Grunnable, _Gwaiting)
	if h.state == faultlinePaused {
		h.held.pushBack(gp)
	}
	return true
}

//go:linkname faultlineSetState
func faultlineSetState(n uint64, state uint8) {
	h := &faultlineHosts[n]
	h.state = state
	if state != faultlineRuns {
		return
	}
	q := h.held
	h.held = gQueue{}
	systemstack(func() {
		for !q.empty() {
			ready(q.pop(), 0, false)
		}
	})
}

// faultlineDied is called by a goroutine of a host that exits or panics, and does not return.
var faultlineDied func(host uint64, code int)

//go:linkname faultlineSetDied
func faultlineSetDied(f func(host uint64, code int)) { faultlineDied = f }

// faultlineExit ends the host that calls os.Exit, or the guest.
//
//go:linkname faultlineExit syscall.FaultlineExit
func faultlineExit(code int) {
	if n := getg().faultlineHost; n != 0 && faultlineDied != nil {
		faultlineDied(n, code)
	}
	if faultlineGuest {
		faultlineEnd(int32(code))
	}
}
