package sessionlog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// cobra reads the log of a client of Cobra's. Its records begin with a letter. All numbers are 8 bytes, the most significant one first:
//
//	S transaction [time]                       it begins
//	R writer, write, key, hash of the value    it read what a transaction wrote
//	W write, key, hash of the value            it wrote
//	C transaction [time]                       it committed
//	A transaction [time]                       it aborted
//
// Times are not looked at: they are of clients' clocks.
type cobra struct {
	in      *bufio.Reader
	session int
	count   int // of transactions
	begun   bool
	timed   bool // records have times
	offset  int64
}

// Numbers of transactions and writes that stand for something else.
const (
	cobraInitial = 0xbebeebee // what the loader wrote
	cobraNull    = 0xdeadbeef // what nobody wrote
	cobraMark    = 0x23332333 // Cobra's marks for its garbage collection
	cobraNoMark  = 0x66666666
)

// cobraTransactions is more than a log has.
const cobraTransactions = 1 << 32

func (c *cobra) transaction(out *bytes.Buffer) error {
	letter, err := c.letter()
	if err != nil {
		return err
	}
	if letter != 'S' {
		return c.errorf("%q where a transaction should begin with S", letter)
	}
	id, err := c.number()
	if err == nil {
		err = c.time()
	}
	if err != nil {
		return unexpected(err, "a transaction")
	}
	var operations []cobraOperation
	for {
		letter, err := c.letter()
		switch {
		case err != nil:
			return unexpected(err, fmt.Sprintf("transaction %d", id))
		case letter == 'R' || letter == 'W':
			operations, err = c.operation(operations, letter)
		case letter == 'C' || letter == 'A':
			if err = c.end(id); err == nil {
				c.write(out, operations, letter == 'A')
				return nil
			}
		default:
			err = c.errorf("%q where R, W, C or A should be", letter)
		}
		if err != nil {
			return unexpected(err, fmt.Sprintf("transaction %d", id))
		}
	}
}

type cobraOperation struct {
	letter     byte
	key, write int64 // a write of 0 is the initial value
}

func (c *cobra) operation(all []cobraOperation, letter byte) ([]cobraOperation, error) {
	numbers := make([]int64, 3, 4)
	if letter == 'R' {
		numbers = numbers[:4]
	}
	for i := range numbers {
		var err error
		if numbers[i], err = c.number(); err != nil {
			return nil, err
		}
	}
	if letter == 'W' {
		if numbers[0] == 0 {
			return nil, c.errorf("a write has the number 0")
		}
		return append(all, cobraOperation{letter, numbers[1], numbers[0]}), nil
	}
	writer, write, key := numbers[0], numbers[1], numbers[2]
	if writer != cobraInitial && writer != cobraNull {
		return append(all, cobraOperation{letter, key, write}), nil
	}
	switch write {
	case cobraMark, cobraNoMark:
		return all, nil
	case cobraInitial, cobraNull:
		return append(all, cobraOperation{letter, key, 0}), nil
	}
	return nil, c.errorf("a read of an initial value names the write %d", write)
}

func (c *cobra) end(id int64) error {
	ended, err := c.number()
	if err != nil {
		return err
	}
	if ended != id {
		return c.errorf("transaction %d ends where %d should", ended, id)
	}
	return c.time()
}

// write writes the lines of a transaction. Its number is made of those of its session and of its place in the log, as the numbers of two logs may be
// the same.
func (c *cobra) write(out *bytes.Buffer, operations []cobraOperation, failed bool) {
	number := c.session*cobraTransactions + c.count
	c.count++
	if failed {
		number = aborted
	}
	for _, o := range operations {
		if o.letter == 'W' || !failed {
			writeOperation(out, o.letter|' ', o.key, o.write, c.session, number)
		}
	}
}

func (c *cobra) letter() (byte, error) {
	letter, err := c.in.ReadByte()
	c.offset++
	return letter, err
}

func (c *cobra) number() (int64, error) {
	var b [8]byte
	_, err := io.ReadFull(c.in, b[:])
	c.offset += int64(len(b))
	return int64(binary.BigEndian.Uint64(b[:])), err
}

// time skips a time. Whether there are times is seen behind the first number of a log: another record begins there if there are none.
func (c *cobra) time() error {
	if !c.begun {
		next, err := c.in.Peek(1)
		if err != nil {
			return err
		}
		c.begun, c.timed = true, !strings.Contains("RWCA", string(next))
	}
	if !c.timed {
		return nil
	}
	_, err := c.number()
	return err
}

func (c *cobra) errorf(format string, args ...any) error {
	return fmt.Errorf("byte %d: %s", c.offset, fmt.Sprintf(format, args...))
}
