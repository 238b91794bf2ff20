package wire

import "io"

// bufferSize is how much a Decoder asks its reader for at a time.
const bufferSize = 4096

// Decoder reads messages, and what follows them, from a stream of bytes. After an error of Decode, Text or Byte all further ones fail.
type Decoder struct {
	from  io.Reader // nil if there is no more than what is in buf
	buf   []byte
	begin int // what is unread is buf[begin:end]
	end   int
	taken int // bytes, by all calls
	err   error

	nodes  [4][]byte // names that were read, see reader.node
	latest int       // the one that is replaced next
}

// NewDecoder returns a decoder of what r gives.
func NewDecoder(r io.Reader) *Decoder { return &Decoder{from: r, buf: make([]byte, bufferSize)} }

// Reset has the decoder read b and nothing more.
func (d *Decoder) Reset(b []byte) { *d = Decoder{buf: b, end: len(b)} }

// Taken is how many bytes were read.
func (d *Decoder) Taken() int { return d.taken }

// Byte reads a byte, such as that which says what request follows. The error is io.EOF if nothing does.
func (d *Decoder) Byte() (byte, error) {
	if b := d.next(1); b != nil {
		return b[0], nil
	}
	return 0, d.err
}

// Decode reads into a message, which is a pointer to one of raft's. It leaves the message alone where there is none.
func (d *Decoder) Decode(message any) error {
	if d.none() {
		return nil
	}
	visit(reader{d}, message)
	return d.failure()
}

// Text reads the text of an error.
func (d *Decoder) Text() (string, error) {
	r := reader{d}
	text := string(d.next(r.length(r.kind(), fixRaw, 32, raw16)))
	return text, d.failure()
}

// none takes what stands for no message, if that comes next.
func (d *Decoder) none() bool {
	if (d.begin < d.end || d.fill(1)) && d.err == nil && d.buf[d.begin] == null {
		d.next(1)
		return true
	}
	return false
}

// failure is the error of a message: its first byte may be the end of the stream, others not.
func (d *Decoder) failure() error {
	if d.err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return d.err
}

// rest reports whether at least n bytes are left, as far as one can know: a stream may have any number.
func (d *Decoder) rest(n int) bool { return d.from != nil || n <= d.end-d.begin }

// Read implements io.Reader, for what follows a message.
func (d *Decoder) Read(b []byte) (n int, err error) {
	switch {
	case d.begin < d.end:
		n = copy(b, d.buf[d.begin:d.end])
		d.begin += n
	case d.from == nil:
		err = io.EOF
	default:
		n, err = d.from.Read(b)
	}
	d.taken += n
	return n, err
}

// next takes the next n bytes, which stay what they are until more are taken; nil if there are no n.
func (d *Decoder) next(n int) []byte {
	if d.end-d.begin < n && !d.fill(n) {
		return nil
	}
	if d.err != nil {
		return nil
	}
	b := d.buf[d.begin : d.begin+n]
	d.begin += n
	d.taken += n
	return b
}

// full takes as many bytes as b has.
func (d *Decoder) full(b []byte) {
	for n := 0; n < len(b) && d.err == nil; {
		var k int
		k, d.err = d.Read(b[n:])
		if n += k; n == len(b) {
			d.err = nil
		}
	}
}

// fill reads until n bytes are in the buffer.
func (d *Decoder) fill(n int) bool {
	if d.err == nil && d.from == nil {
		d.err = io.ErrUnexpectedEOF
	}
	if d.err != nil {
		return false
	}
	room := d.buf
	if n > len(room) {
		room = make([]byte, n)
	}
	d.end = copy(room, d.buf[d.begin:d.end])
	d.begin, d.buf = 0, room
	for d.end < n && d.err == nil {
		var k int
		k, d.err = d.from.Read(d.buf[d.end:])
		d.end += k
	}
	if d.end < n {
		return false
	}
	d.err = nil // if it comes again, it comes to whoever needs more
	return true
}
