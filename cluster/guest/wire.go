package guest

import (
	"encoding/binary"
	"errors"
	"syscall"
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

// wire is the world's end of two pipes to a guest. To wait there blocks the whole world, as it is meant to: time stands still while
// the guest works.
type wire struct {
	to, from int // descriptors
	buffer   []byte
	in       []byte // what was read and not taken
}

// errGone means that the process has ended.
var errGone = errors.New("the process has ended")

// write says all of b.
func (w *wire) write(b []byte) error {
	for len(b) > 0 {
		n, err := syscall.Write(w.to, b)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return errGone
		default:
			b = b[n:]
		}
	}
	return nil
}

// message returns the next message. Its bytes are good until the next call.
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
		if free := cap(w.in) - len(w.in); free < k-len(w.in) || free == 0 {
			if len(w.buffer) < 2*k {
				w.buffer = make([]byte, max(64<<10, 2*k))
			}
			w.in = w.buffer[:copy(w.buffer, w.in)]
		}
		n, err := syscall.Read(w.from, w.in[len(w.in):cap(w.in)])
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return nil, errGone
		}
		w.in = w.in[:len(w.in)+n]
	}
	b := w.in[:k]
	w.in = w.in[k:]
	return b, nil
}

func (w *wire) close() {
	_ = syscall.Close(w.to)
	_ = syscall.Close(w.from)
}
