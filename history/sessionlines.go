package history

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"faultline/internal/intmap"
)

// readAll reads the file in the notation that its first line has.
func (s *sessionRecords) readAll() error {
	var notation sessionNotation
	for {
		line, err := s.lines.next()
		if err == io.EOF {
			s.keep()
			return nil
		}
		if err != nil {
			return err
		}
		text := bytes.TrimSpace(line)
		if len(text) == 0 {
			continue
		}
		if notation == nil {
			notation = s.notation(text)
		}
		if err := notation.add(text); err != nil {
			return position{s.lines.line, 1}.errorf("%v", err)
		}
	}
}

// sessionNotation reads lines.
type sessionNotation interface{ add(line []byte) error }

// notation is the one that a line has.
func (s *sessionRecords) notation(line []byte) sessionNotation {
	if _, isCall := sessionCall(line); isCall {
		return &sessionCalls{sessionRecords: s, last: aborted}
	}
	return &sessionTurns{sessionRecords: s, transaction: nobody}
}

// sessionCalls reads lines such as w(3,17,0,1). Those of a transaction mostly follow each other.
type sessionCalls struct {
	*sessionRecords
	transactions, numbers intmap.Map // of transactions and sessions, by their names

	last, lastSession int64 // the names of the transaction and the session of the line before
	transaction       int32
}

// aborted is the name of all transactions that aborted.
const aborted = -1

// add adds a line, and those behind it that are in the window and plain.
func (c *sessionCalls) add(line []byte) error {
	numbers, ok := sessionCall(line)
	if !ok {
		return fmt.Errorf("%q is no operation such as w(3,17,0,1): r or w, a key, a value, a session and a transaction", clip(line))
	}
	if err := c.call(line[0], &numbers, len(line)); err != nil {
		return err
	}
	c.plain()
	return nil
}

// plain adds the lines in the window up to one that is not plain, or wrong.
func (c *sessionCalls) plain() {
	window, read := c.lines.window(), 0
	for {
		var numbers [4]int64
		end := plainCall(window[read:], &numbers)
		if end == unplain {
			break
		}
		c.lines.line++
		if c.call(window[read], &numbers, end-1) != nil {
			c.lines.line--
			break
		}
		read += end
	}
	c.lines.discard(read)
}

func (c *sessionCalls) call(f byte, numbers *[4]int64, size int) error {
	if session, name := numbers[2], numbers[3]; name != c.last || session != c.lastSession || name == aborted {
		if err := c.turn(session, name); err != nil {
			return err
		}
	}
	c.step(c.transaction, Step{Key: numbers[0], Value: numbers[1], Write: f == 'w'}, size)
	return nil
}

// turn turns to a transaction.
func (c *sessionCalls) turn(session, name int64) error {
	t, begun := c.transactions.Get(name)
	if begun && name != aborted {
		if there := c.sessions[c.all[t].session].name; there != session {
			return fmt.Errorf("transaction %d is in session %d here, and in session %d on line %d", name, session, there, c.all[t].line)
		}
	} else {
		number, known := c.numbers.Get(session)
		if !known {
			number = int32(len(c.sessions))
			c.numbers.Set(session, number)
		}
		t = c.begin(number)
		c.sessions[number].name = session
		c.all[t].aborted = name == aborted
		c.transactions.Set(name, t)
	}
	c.last, c.lastSession, c.transaction = name, session, t
	return nil
}

// sessionTurns reads lines such as w 3 17, and those between transactions and sessions.
type sessionTurns struct {
	*sessionRecords
	session     int32
	transaction int32 // nobody if the next line begins one
}

func (t *sessionTurns) add(line []byte) error {
	switch {
	case isRule(line, '='):
		t.session, t.transaction = int32(len(t.sessions)), nobody
		return nil
	case isRule(line, '-'):
		t.transaction = nobody
		return nil
	}
	key, value, ok := sessionWords(line)
	if !ok {
		return fmt.Errorf("%q is no operation such as w 3 17, and no line of - or = between transactions or sessions", clip(line))
	}
	if t.transaction == nobody {
		t.transaction = t.begin(t.session)
	}
	t.step(t.transaction, Step{Key: key, Value: value, Write: line[0] == 'w'}, len(line))
	return nil
}

// isSession tells whether a line begins a history by sessions.
func isSession(line []byte) bool {
	line = bytes.TrimSpace(line)
	_, isCall := sessionCall(line)
	_, _, isTurn := sessionWords(line)
	return isCall || isTurn
}

// sessionCall are the numbers of w(3,17,0,1).
func sessionCall(line []byte) (numbers [4]int64, ok bool) {
	if len(line) < 3 || line[0] != 'r' && line[0] != 'w' || line[1] != '(' || line[len(line)-1] != ')' {
		return numbers, false
	}
	words := bytes.Split(line[2:len(line)-1], []byte{','})
	if len(words) != len(numbers) {
		return numbers, false
	}
	for i, word := range words {
		if numbers[i], ok = sessionNumber(word); !ok {
			return numbers, false
		}
	}
	return numbers, true
}

// longestCall is how long a plain line may be: a letter, four numbers with a character each around them, and a newline.
const longestCall = 1 + 4*(1+maxPlainDigits) + 2

// maxPlainDigits is up to how many digits a number cannot overflow.
const maxPlainDigits = 18

// plainCall reads the numbers of a line that is spelled as nearly all are: digits alone in w(3,17,0,1), and a newline. It returns the place behind
// it. In the last bytes of a window no line is plain.
func plainCall(b []byte, numbers *[4]int64) (end int) {
	if len(b) < longestCall || b[0] != 'r' && b[0] != 'w' {
		return unplain
	}
	line := (*[longestCall]byte)(b)
	i := 1
	for k, before := range [4]byte{'(', ',', ',', ','} {
		if line[i] != before {
			return unplain
		}
		begin, n := i+1, int64(0)
		for i++; line[i]-'0' <= 9; i++ {
			if n = n*10 + int64(line[i]-'0'); i-begin == maxPlainDigits {
				return unplain
			}
		}
		if i == begin {
			return unplain
		}
		numbers[k] = n
	}
	if line[i] != ')' || line[i+1] != '\n' {
		return unplain
	}
	return i + 2
}

// sessionNumber reads an integer.
func sessionNumber(word []byte) (n int64, ok bool) {
	if len(word) > 0 {
		if n, ok := smallInt(word); ok {
			return n, true
		}
	}
	n, err := strconv.ParseInt(string(word), 10, 64)
	return n, err == nil
}

// sessionWords are the numbers of w 3 17.
func sessionWords(line []byte) (key, value int64, ok bool) {
	words := bytes.Fields(line)
	if len(words) != 3 || len(words[0]) != 1 || words[0][0] != 'r' && words[0][0] != 'w' {
		return 0, 0, false
	}
	key, okKey := sessionNumber(words[1])
	value, okValue := sessionNumber(words[2])
	return key, value, okKey && okValue
}

// isRule tells whether a line is one or more of a character.
func isRule(line []byte, c byte) bool {
	return len(bytes.Trim(line, string(c))) == 0
}
