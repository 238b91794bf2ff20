package history

import (
	"bytes"
	"io"
)

// logRecords reads the operations that Jepsen logs among other things, and history.txt, which has nothing but operations:
//
//	3	:ok	:write	4
type logRecords struct {
	lines *lineReader
	names *names
	begun bool // an operation was read
	alone bool // it was not logged, so every line is an operation
}

func newLogRecords(r io.Reader) *logRecords {
	return &logRecords{lines: newLineReader(r), names: new(names)}
}

// next reads the next operation.
func (l *logRecords) next(r *record) error {
	for {
		line, err := l.lines.next()
		if err != nil {
			return err
		}
		whole := bytes.HasSuffix(line, []byte{'\n'})
		line = bytes.TrimRight(line, " \t\r\n")
		parsed := parseLogLine(line)
		if len(line) == 0 || !l.tells(parsed, line[parsed.message:]) {
			continue
		}
		if !l.begun {
			l.begun, l.alone = true, parsed.logger == nil
		}
		*r = record{at: position{l.lines.line, 1 + parsed.message}, size: len(line)}
		if i := notUTF8(line); i >= 0 {
			return position{l.lines.line, 1 + i}.errorf("%v", errNotUTF8)
		}
		p := ednParser{lexer: &lexer{buf: line, i: parsed.message, mark: -1, err: io.EOF, line: l.lines.line, names: l.names}}
		if err := p.logLine(r); err != nil {
			return err
		}
		if !whole {
			return p.errorf("the file ends within this line, or its last newline is missing: it was cut off")
		}
		if parsed.logger != nil {
			r.settleLogged()
		}
		return r.whole()
	}
}

// tells decides whether a line tells of an operation. In a log, most lines do not: other parts of Jepsen log too, and
// what they log takes several lines. Where every line is an operation, one that cannot be read is an error.
func (l *logRecords) tells(line logLine, message []byte) bool {
	switch {
	case line.logsOperations():
		return beginsWithProcess(message) || isOperation(message)
	case line.logger != nil:
		return false
	case l.alone:
		return true
	default:
		return isOperation(message) && (!l.begun || beginsWithProcess(message))
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
		r.fields |= f
		if err := r.set(f, v); err != nil {
			return at.errorf("%v", err)
		}
	}
	p.space()
	if p.ended() {
		return nil
	}
	r.fields |= hasValue
	if r.Process == Nemesis { // what was done is often told in words
		words := string(p.buf[p.i:])
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
	r.Error = string(bytes.TrimPrefix(p.buf[p.i:], []byte{':'}))
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
