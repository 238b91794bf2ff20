package network

import "time"

// Written is one write on a connection, as it was recorded: what a process handed to its machine, whether
// or not any of it arrived.
type Written struct {
	Conn       int    // numbers connections, in the order in which they were established
	From, To   string // hosts
	Port       string // the one that was dialled
	Datagram   bool   // the connection is none: it stands for all that one socket sent to one port
	Dialer     bool   // written by the end that dialled
	Sent, Read time.Duration
	Bytes      []byte
}

// Unread is the time at which a write was read that never was.
const Unread = time.Duration(-1)

// The bounds of a record. What is written after either is met is not recorded.
const (
	MaxWrites       = 1 << 20
	MaxWrittenBytes = 128 << 20
)

// record is a list of writes. Each network makes room for one, whether somebody wants it or not: where in memory the next object
// is allocated decides now and then who runs first in a world, so a test with a record would not be the test without it. Room that
// nobody writes to is addresses, and no memory: see newRoom.
type record struct {
	wanted bool
	conns  []connected
	pages  [][]written // all but the last are full
	chunks [][]byte    // what was written, one after the other
	used   int         // of the last chunk
	writes int
	bytes  int
	missed int64
}

type connected struct {
	from, to, port string
	datagrams      bool
}

// written has no pointers, so that a collection does not look at it.
type written struct {
	conn              int32 // negative if it was written by the end that accepted it
	chunk, begin, end int32 // where its bytes are
	sent, read        time.Duration
}

const (
	recordPage  = 1 << 12
	recordChunk = 1 << 20
)

// connect numbers a connection, from 1.
func (r *record) connect(from, to, port string) int32 {
	r.conns = append(r.conns, connected{from: from, to: to, port: port})
	return int32(len(r.conns))
}

// datagrams numbers what a socket sends to a port, likewise.
func (r *record) datagrams(from, to, port string) int32 {
	r.conns = append(r.conns, connected{from: from, to: to, port: port, datagrams: true})
	return int32(len(r.conns))
}

// write notes a write and returns its number, from 1; 0 if it is not noted, as on the connection 0, which stands for those
// that are none of the network's.
func (r *record) write(at time.Duration, conn int32, b []byte) int32 {
	if conn == 0 {
		return 0
	}
	if r.writes == MaxWrites || r.bytes+len(b) > MaxWrittenBytes {
		r.bytes = MaxWrittenBytes // or a smaller one would follow behind a gap
		r.missed++
		return 0
	}
	r.makeRoom(len(b))
	chunk, begin := len(r.chunks)-1, r.used
	r.used += len(b)
	if r.wanted {
		copy(r.chunks[chunk][begin:], b)
		*r.at(r.writes) = written{conn, int32(chunk), int32(begin), int32(r.used), at, Unread}
	}
	r.writes++
	r.bytes += len(b)
	return int32(r.writes)
}

// makeRoom makes room for one more write.
func (r *record) makeRoom(bytes int) {
	if r.writes%recordPage == 0 {
		r.pages = append(r.pages, newRoom[written](recordPage))
	}
	if k := len(r.chunks) - 1; k < 0 || r.used+bytes > len(r.chunks[k]) {
		r.chunks, r.used = append(r.chunks, newRoom[byte](max(recordChunk, bytes))), 0
	}
}

// at is where the write is that so many came before.
func (r *record) at(before int) *written { return &r.pages[before/recordPage][before%recordPage] }

// read notes that all of a write was read.
func (r *record) read(write int32, at time.Duration) {
	if r.wanted && write > 0 {
		r.at(int(write) - 1).read = at
	}
}

func (r *record) written(w written) Written {
	number, dialer := max(w.conn, -w.conn), w.conn > 0
	c := r.conns[number-1]
	if !dialer {
		c.from, c.to = c.to, c.from
	}
	return Written{int(number), c.from, c.to, c.port, c.datagrams, dialer, w.sent, w.read, r.chunks[w.chunk][w.begin:w.end:w.end]}
}

// Recorded returns the writes so far, in the order in which they were made, and how many there were beyond the
// bounds. The config must have asked for them.
func (n *Network) Recorded() (writes []Written, missed int64) {
	n.lock()
	defer n.mu.Unlock()
	if !n.record.wanted {
		return nil, 0
	}
	writes = make([]Written, n.record.writes)
	for i := range writes {
		writes[i] = n.record.written(*n.record.at(i))
	}
	return writes, n.record.missed
}
