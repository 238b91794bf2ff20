package guest

import (
	"encoding/binary"
)

const header = 17 // bytes of a message before its own

// appendMessage adds a message to what is said.
func appendMessage(o []byte, kind byte, id uint32, n uint64, b []byte) []byte {
	o = append(o, kind)
	o = binary.LittleEndian.AppendUint32(o, id)
	o = binary.LittleEndian.AppendUint64(o, n)
	o = binary.LittleEndian.AppendUint32(o, uint32(len(b)))
	return append(o, b...)
}

// wire is the world's end of what it speaks to a guest through.
type wire struct {
	*memory
	pid  int    // of the guest
	said int    // bytes that are in memory for the guest to hear
	in   []byte // what the guest has said and nobody has taken
	part []byte // of a message that does not fit into memory, or whose end has not been said yet
}

// write says all of b, which the guest hears at its next turn.
func (w *wire) write(b []byte) error {
	for {
		n := copy(w.bytes[toGuest][w.said:], b)
		w.said += n
		if b = b[n:]; len(b) == 0 {
			return nil
		}
		if err := w.pass(); err != nil {
			return err
		}
	}
}

// message returns the next message, for which the guest gets its turn if there is none yet. Its bytes are good until the next call.
func (w *wire) message() (kind byte, id uint32, n uint64, b []byte, err error) {
	h, err := w.take(header)
	if err != nil {
		return 0, 0, 0, nil, err
	}
	kind, id, n = h[0], binary.LittleEndian.Uint32(h[1:]), binary.LittleEndian.Uint64(h[5:])
	b, err = w.take(int(binary.LittleEndian.Uint32(h[13:])))
	return kind, id, n, b, err
}

// take returns the next k bytes.
func (w *wire) take(k int) ([]byte, error) {
	for len(w.in) < k {
		if err := w.pass(); err != nil {
			return nil, err
		}
	}
	b := w.in[:k]
	w.in = w.in[k:]
	return b, nil
}

// pass gives the guest its turn, and returns with what it has said when that is over. What was said before and not taken comes first.
func (w *wire) pass() error {
	w.part = append(w.part[:0], w.in...)
	err := w.memory.pass(w.said, w.pid)
	w.said = 0
	w.in = w.bytes[toWorld][:w.length[toWorld]]
	if len(w.part) > 0 {
		w.part = append(w.part, w.in...)
		w.in = w.part
	}
	return err
}
