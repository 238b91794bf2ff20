package raftkv

import "time"

// A client is slow where its connections have a pace: it sends a request in pieces and reads an answer in pieces,
// with a pause after each. The node has half a request meanwhile, and a goroutine that waits for the rest.
const (
	piece    = 8  // bytes
	patience = 16 // pauses: a request takes some four, and its answer three
)

func (c *client) setPace(pace time.Duration) {
	for i := range c.conns {
		c.conns[i].pace = pace
	}
}

// send writes a frame.
func (c *connection) send(b []byte) error {
	for c.pace > 0 && len(b) > piece {
		if _, err := c.conn.Write(b[:piece]); err != nil {
			return err
		}
		b = b[piece:]
		time.Sleep(c.pace)
	}
	_, err := c.conn.Write(b)
	return err
}

// sip reads from a connection at its pace.
type sip struct{ c *connection }

func (s sip) Read(b []byte) (int, error) {
	if s.c.pace > 0 {
		time.Sleep(s.c.pace)
		b = b[:min(len(b), piece)]
	}
	return s.c.conn.Read(b)
}
