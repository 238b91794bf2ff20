package history

import (
	"bytes"
	"io"
	"strings"
)

// logRecords reads the lines that Jepsen logs and writes to history.txt, an operation each:
//
//	INFO  jepsen.util - 3	:invoke	:write	4
//	3	:ok	:write	4
type logRecords struct {
	lines *lineReader
	names *names
}

func newLogRecords(r io.Reader) *logRecords {
	return &logRecords{lines: newLineReader(r), names: new(names)}
}

var logLevels = [][]byte{[]byte("INFO"), []byte("WARN"), []byte("ERROR"), []byte("DEBUG")}

// logger finds out which part of Jepsen logged a line, and where its message begins. Of lines that are
// not logged, as in history.txt, the message is the whole.
func logger(line []byte) (name []byte, message int) {
	fields := bytes.Fields(line[:min(len(line), 200)])
	for _, level := range logLevels {
		if len(fields) >= 3 && bytes.Equal(fields[0], level) && string(fields[2]) == "-" {
			return fields[1], bytes.Index(line, []byte(" - ")) + len(" - ")
		}
	}
	return nil, 0
}

// isOperation tells whether a line could be one of an operation.
func isOperation(line []byte) bool {
	name, message := logger(line)
	if string(name) == "jepsen.util" {
		return true
	}
	fields := bytes.Fields(line[message:min(len(line), 200)])
	if name != nil || len(fields) < 3 {
		return false
	}
	_, err := ParseType(string(bytes.TrimPrefix(fields[1], []byte{':'})))
	return err == nil && fields[1][0] == ':'
}

// next reads the next operation. Lines that other parts of Jepsen logged are none.
func (l *logRecords) next(r *record) error {
	for {
		line, err := l.lines.next()
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, " \t\r\n")
		name, message := logger(line)
		if len(line) == 0 || name != nil && string(name) != "jepsen.util" {
			continue
		}
		*r = record{at: position{l.lines.line, 1 + message}}
		p := ednParser{ednLexer: &ednLexer{buf: line, i: message, mark: -1, err: io.EOF, line: l.lines.line, names: l.names}}
		if err := p.logLine(r); err != nil {
			return err
		}
		if name != nil {
			r.settleLogged()
		}
		return r.whole()
	}
}

// logLine reads a process, a type, a function, a value and perhaps an error.
func (p *ednParser) logLine(r *record) error {
	for _, f := range []fields{hasProcess, hasType, hasF} {
		p.space()
		at := p.position()
		if p.ended() {
			return at.errorf("the line ends here: an operation has a process, a type, a function and a value")
		}
		v, err := p.value(maxDepth)
		if err != nil {
			return err
		}
		if err := r.set(f, v); err != nil {
			return at.errorf("%v", err)
		}
		r.fields |= f
	}
	p.space()
	if p.ended() {
		return nil
	}
	r.fields |= hasValue
	if r.Process == Nemesis { // what was done is often told in words
		words := strings.ToValidUTF8(string(p.buf[p.i:]), "\ufffd")
		if v, err := ParseEDN(words); err == nil {
			r.Value = v
		} else {
			r.Value = TextValue(words)
		}
		return nil
	}
	v, err := p.value(maxDepth + 1)
	if err != nil {
		return err
	}
	r.Value = v
	p.space()
	if rest := p.buf[p.i:]; len(rest) > 0 && r.Type != Fail && r.Type != Info {
		return p.errorf("%q after the value of the operation", clip(rest))
	}
	r.Error = string(bytes.ToValidUTF8(bytes.TrimPrefix(p.buf[p.i:], []byte{':'}), []byte("\ufffd")))
	return nil
}

// settleLogged takes a keyword in the place of the value for what went wrong, as Jepsen's etcd test has it: what timed
// out says :timed-out there. A cas that failed says only that it did nothing, whether the store compared or was never
// reached, so it is no observation, as in EDN.
func (r *record) settleLogged() {
	if r.Type != Fail && r.Type != Info || r.Process == Nemesis || !isKeyword(r.Value) {
		return
	}
	name, _ := r.Value.Literal()
	r.Error, r.Value = name[1:], Value{}
	r.fields &^= hasValue
}
