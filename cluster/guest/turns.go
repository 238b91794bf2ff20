package guest

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"time"
)

// turns takes a line for each message between the world and its guests; nil if nobody wants to know. It is set before the first
// guest starts.
var turns io.Writer

// WriteTurns has every turn of every guest written, to find out where two runs part that should be the same: a line for what a guest
// hears, and one for each thing that it says. The line that ends a turn has how often the guest's scheduler has run somebody, the
// state of its generator and the size of its heap: if a guest that has heard the same differs in one of these, it has differed
// since its last turn.
func WriteTurns(w io.Writer) { turns = w }

// wroteTurn writes what the guest hears at the beginning of a turn.
func (g *Process) wroteTurn(heard []byte) {
	if turns != nil {
		fmt.Fprintf(turns, "%s hears at %s: %d bytes %08x\n", g.machine.Node(), clock(time.Now().UnixNano()), len(heard), crc32.ChecksumIEEE(heard))
	}
}

// wroteMessage writes what the guest says.
func (g *Process) wroteMessage(kind byte, id uint32, n uint64, b []byte) {
	switch {
	case turns == nil:
	case kind == 'I' && len(b) == 24:
		u := binary.LittleEndian.Uint64
		fmt.Fprintf(turns, "%s waits until %s, after %d runs, generator %016x, heap %d\n", g.machine.Node(), clock(int64(n)), u(b), u(b[8:]), u(b[16:]))
	default:
		fmt.Fprintf(turns, "%s says %c %d %d, %d bytes %08x\n", g.machine.Node(), kind, id, n, len(b), crc32.ChecksumIEEE(b))
	}
}

// clock is an instant of a world as the time since its beginning.
func clock(ns int64) string {
	if ns == 0 {
		return "for ever"
	}
	const beginning = 946684800000000000 // see testing/synctest
	return fmt.Sprintf("%.6fs", time.Duration(ns-beginning).Seconds())
}
