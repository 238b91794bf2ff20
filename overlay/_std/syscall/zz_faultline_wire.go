package syscall

import _ "unsafe"

// A guest speaks to its world through memory that they share. Whenever all of it waits it says what it did, and until when it waits, and
// hears what has happened and what time it is. In between the world stands still.
//
// A message is a kind of one byte, an identifier (4 bytes), a number (8), a length (4) and as many bytes, little-endian. Package
// faultline/cluster/guest has the other end, and the list of kinds.

const (
	faultlineHeader = 17
	// FaultlineRaw is the first descriptor that is no kernel's: it is that of a virtual socket.
	FaultlineRaw = 1 << 30
)

// FaultlineGuest says that this process is a guest.
var FaultlineGuest bool

// FaultlineHosts is the table of hosts, "name=ip,...", the guest's own first.
var FaultlineHosts string

// faultlineWire is the state of the guest's end.
var faultlineWire struct {
	*faultlineMemory
	handlers [256]func(id uint32, n uint64, b []byte)
	said     int    // bytes that are in memory for the world to hear
	in       []byte // what the world has said and nobody has taken
	part     []byte // of a message that does not fit into memory
}

// faultlineTells says that the world wants to know how the runtime stands at the end of each turn.
var faultlineTells bool

func faultlineStand() [3]uint64
func faultlineIsGuest() bool
func faultlineSetIdle(f func(next int64) int64)
func faultlineSetNow(now int64)
func faultlineSetLast(f func(code int32))
func faultlineSetWall(offset int64)

// Where goroutines are delayed, as package runtime has it.
const (
	faultlineAtLock = iota
	faultlineAtCall
)

// faultlineDelay may let the goroutine wait before a system call.
func faultlineDelay()
func faultlineSetJitter(place int, one, most uint32)

// FaultlineIsSeeded says that this process is that of a world, or a guest.
func FaultlineIsSeeded() bool

// FaultlineExit ends the host that calls it, if it is one.
func FaultlineExit(code int)

func init() {
	if !faultlineIsGuest() {
		return
	}
	FaultlineGuest = true
	FaultlineHandle('h', func(_ uint32, _ uint64, b []byte) { FaultlineHosts = string(b) })
	FaultlineHandle('y', func(uint32, uint64, []byte) { faultlineTells = true })
	FaultlineHandle('w', func(_ uint32, n uint64, _ []byte) { faultlineSetWall(int64(n)) })
	FaultlineHandle('j', func(one uint32, most uint64, _ []byte) { faultlineSetJitter(faultlineAtLock, one, uint32(most)) })
	FaultlineHandle('J', func(one uint32, most uint64, _ []byte) { faultlineSetJitter(faultlineAtCall, one, uint32(most)) })
	faultlineHook()
	faultlineHookFiles()
	faultlineWire.faultlineMemory = faultlineMapMemory()
	faultlineWire.in = faultlineWire.await()
	faultlineSetNow(faultlineHear())
	faultlineSetIdle(faultlineTurn)
	faultlineSetLast(func(code int32) {
		FaultlineSay('X', 0, uint64(code), nil)
		faultlineWire.give(faultlineWire.said)
	})
}

// FaultlineHandle says what is done with messages of a kind. It must not wait.
func FaultlineHandle(kind byte, f func(id uint32, n uint64, b []byte)) {
	faultlineWire.handlers[kind] = f
}

// FaultlineSay adds a message to what the world hears next.
func FaultlineSay(kind byte, id uint32, n uint64, b []byte) {
	k := uint32(len(b))
	h := [faultlineHeader]byte{kind,
		byte(id), byte(id >> 8), byte(id >> 16), byte(id >> 24),
		byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24), byte(n >> 32), byte(n >> 40), byte(n >> 48), byte(n >> 56),
		byte(k), byte(k >> 8), byte(k >> 16), byte(k >> 24)}
	faultlinePut(h[:])
	faultlinePut(b)
}

// faultlinePut has the world hear these bytes next.
func faultlinePut(b []byte) {
	w := &faultlineWire
	for {
		n := copy(w.bytes[faultlineToWorld][w.said:], b)
		w.said += n
		if b = b[n:]; len(b) == 0 {
			return
		}
		faultlinePass()
	}
}

// faultlinePass gives the world its turn, and returns with what it has said when that is over. What was said before and not taken
// comes first.
func faultlinePass() {
	w := &faultlineWire
	w.part = append(w.part[:0], w.in...)
	w.give(w.said)
	w.said = 0
	w.in = w.await()
	if len(w.part) > 0 {
		w.part = append(w.part, w.in...)
		w.in = w.part
	}
}

// faultlineTurn ends a turn of the guest and returns when the next one begins.
func faultlineTurn(next int64) int64 {
	var stand []byte
	if faultlineTells {
		for _, n := range faultlineStand() {
			stand = append(stand, byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(n>>32), byte(n>>40), byte(n>>48), byte(n>>56))
		}
	}
	FaultlineSay('I', 0, uint64(next), stand)
	return faultlineHear()
}

// faultlineHear handles messages up to the one that gives the guest time, and returns that.
func faultlineHear() int64 {
	for {
		h := faultlineTake(faultlineHeader)
		kind, id, n := h[0], faultlineUint32(h[1:]), uint64(faultlineUint32(h[5:]))|uint64(faultlineUint32(h[9:]))<<32
		b := faultlineTake(int(faultlineUint32(h[13:])))
		if kind == 'G' {
			return int64(n)
		}
		if f := faultlineWire.handlers[kind]; f != nil {
			f(id, n, b)
		}
	}
}

func faultlineUint32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// faultlineTake returns the next k bytes of what the world says. They are good until the next call.
func faultlineTake(k int) []byte {
	w := &faultlineWire
	for len(w.in) < k {
		faultlinePass()
	}
	b := w.in[:k]
	w.in = w.in[k:]
	return b
}
