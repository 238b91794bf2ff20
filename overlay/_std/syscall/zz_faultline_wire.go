package syscall

import _ "unsafe"

// A guest speaks to its world over two pipes. Whenever all of it waits it writes to descriptor 4 what it did, and until when it
// waits, and reads from 3 what has happened and what time it is. In between the world stands still.
//
// A message is a kind of one byte, an identifier (4 bytes), a number (8), a length (4) and as many bytes, little-endian. Package
// faultline/cluster/guest has the other end, and the list of kinds.

const (
	faultlineIn, faultlineOut = 3, 4

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
	out      []byte
	handlers [256]func(id uint32, n uint64, b []byte)
	in       []byte // what was read and not handled
	buffer   [64 << 10]byte
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
	faultlineSetNow(faultlineHear())
	faultlineSetIdle(faultlineTurn)
	faultlineSetLast(func(code int32) {
		FaultlineSay('X', 0, uint64(code), nil)
		faultlineFlush()
	})
}

// FaultlineHandle says what is done with messages of a kind. It must not wait.
func FaultlineHandle(kind byte, f func(id uint32, n uint64, b []byte)) {
	faultlineWire.handlers[kind] = f
}

// FaultlineSay adds a message to what the world hears next.
func FaultlineSay(kind byte, id uint32, n uint64, b []byte) {
	o := faultlineStart(kind, id, n, len(b))
	faultlineWire.out = append(o, b...)
}

// faultlineStart begins a message, whose size bytes the caller appends.
func faultlineStart(kind byte, id uint32, n uint64, size int) []byte {
	k := uint32(size)
	return append(faultlineWire.out, kind,
		byte(id), byte(id>>8), byte(id>>16), byte(id>>24),
		byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(n>>32), byte(n>>40), byte(n>>48), byte(n>>56),
		byte(k), byte(k>>8), byte(k>>16), byte(k>>24))
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
	faultlineFlush()
	return faultlineHear()
}

// faultlineFlush writes what the guest has said. A world that is gone takes its guests with it.
func faultlineFlush() {
	b := faultlineWire.out
	for len(b) > 0 {
		n, err := faultlineWrite(faultlineOut, b)
		switch {
		case err == EINTR:
		case err != nil:
			Exit(1)
		default:
			b = b[n:]
		}
	}
	faultlineWire.out = faultlineWire.out[:0]
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
	for len(faultlineWire.in) < k {
		w := &faultlineWire
		if k > len(w.buffer) || len(w.in) == 0 {
			if k > len(w.buffer) {
				w.in = append(make([]byte, 0, k), w.in...)
			} else {
				w.in = w.buffer[:0]
			}
		} else if cap(w.in) < k { // move it to the front
			w.in = w.buffer[:copy(w.buffer[:], w.in)]
		}
		n, err := faultlineRead(faultlineIn, w.in[len(w.in):cap(w.in)])
		if err == EINTR {
			continue
		}
		if n <= 0 {
			Exit(1)
		}
		w.in = w.in[:len(w.in)+n]
	}
	b := faultlineWire.in[:k]
	faultlineWire.in = faultlineWire.in[k:]
	return b
}
