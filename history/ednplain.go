package history

import "time"

// plain reads an operation that is spelled as Jepsen's printer spells nearly all of them: a map of keywords on one line, in ASCII, without
// escapes, characters, comments and tags within it, whose values nest a few deep. False means that this one is not, or that it holds what is
// rare, or a mistake: then nothing was read, and the parser should look at it. So it is the parser alone that says what is wrong, and where.
//
// What makes it several times as fast is that it looks at the bytes of the window alone, neither for more input nor for lines.
func (p *ednParser) plain(r *record) bool {
	return p.plainInWindow(r) || len(p.buf)-p.i < nearEnd && p.i > 0 && p.fill() && p.plainInWindow(r)
}

// nearEnd is how close the end of the window is where it may be what made an operation unplain, so that more is read and the operation is looked at
// again. At the begin of the window there is none: it would have to grow.
const nearEnd = 1 << 14

// plainInWindow is plain without more input.
func (p *ednParser) plainInWindow(r *record) bool {
	if next := p.plainOperation(p.buf[p.i:], r); next != unplain {
		p.i += next
		r.size = p.read()
		return true
	}
	p.stack, p.others = p.stack[:0], p.others[:0]
	*r = record{at: r.at}
	return false
}

// unplain is the place behind what is not plain.
const unplain = -1

// deepestPlain is how deep plain values nest.
const deepestPlain = 16

// Bytes of plain tokens, and of the plain bytes between forms.
var (
	plainToken = plainTokens()
	plainSpace = bytesOf(" ,\t\r")
)

func plainTokens() (set [256]bool) {
	for c := byte('!'); c <= '~'; c++ {
		set[c] = !ednDelimiter[c]
	}
	return set
}

// tokenEnd is the place behind a token, which a delimiter must follow.
func tokenEnd(b []byte, i int) int {
	for i < len(b) && plainToken[b[i]] {
		i++
	}
	if i < len(b) && ednDelimiter[b[i]] {
		return i
	}
	return unplain
}

func spaceEnd(b []byte, i int) int {
	for i < len(b) && plainSpace[b[i]] {
		i++
	}
	return i
}

// plainOperation reads an operation at the begin of b. It returns the place behind it.
func (p *ednParser) plainOperation(b []byte, r *record) int {
	i := 0
	if b[0] == '#' { // #jepsen.history.Op{
		if i = tokenEnd(b, 1); i <= 1 {
			return unplain
		}
	}
	if b[i] != '{' {
		return unplain
	}
	for i++; ; {
		i = spaceEnd(b, i)
		if i < len(b) && b[i] == '}' {
			return i + 1
		}
		if i = p.plainField(b, i, r); i == unplain {
			return unplain
		}
	}
}

// plainField reads a key and its value.
func (p *ednParser) plainField(b []byte, i int, r *record) int {
	if i == len(b) || b[i] != ':' {
		return unplain
	}
	end := tokenEnd(b, i+1)
	if end == unplain {
		return unplain
	}
	f := ednField(b[i:end])
	if f&r.fields != 0 || f == 0 && p.others.add(p.names.of(b[i:end])) != nil {
		return unplain
	}
	r.fields |= f
	i = spaceEnd(b, end)
	switch f {
	case hasType, hasF:
		if i < len(b) && b[i] == ':' {
			return p.plainName(b, i, r, f)
		}
	case hasTime, hasProcess, hasIndex, hasLogIndex:
		if n, end := digitsEnd(b, i); end != unplain {
			return r.plainNumber(f, n, end)
		}
	}
	v, end := p.plainValue(b, i, deepestPlain)
	if end == unplain || r.set(f, v) != nil {
		return unplain
	}
	return end
}

// plainName reads the keyword of a type or function.
func (p *ednParser) plainName(b []byte, i int, r *record, f fields) int {
	end := tokenEnd(b, i+1)
	if end <= i+1 {
		return unplain
	}
	name := b[i+1 : end]
	if f == hasF {
		r.F = p.names.of(name)
		return end
	}
	for t := Invoke; t <= Info; t++ {
		if string(name) == typeNames[t] {
			r.Type = t
			return end
		}
	}
	return unplain
}

// plainNumber sets a field to a number that is not negative, which ends at a place.
func (r *record) plainNumber(f fields, n int64, end int) int {
	switch {
	case f == hasTime:
		r.Time = time.Duration(n)
	case f == hasIndex:
		r.index = n
	case f == hasLogIndex:
		r.LogIndex = uint64(n)
	case n <= maxProcess:
		r.Process = int(n)
	default:
		return unplain
	}
	return end
}

// digitsEnd reads an integer of up to 18 digits, which a delimiter must follow.
func digitsEnd(b []byte, i int) (n int64, end int) {
	begin := i
	for i < len(b) && b[i]-'0' <= 9 {
		n = n*10 + int64(b[i]-'0')
		i++
	}
	if digits := i - begin; digits == 0 || digits > 18 || b[begin] == '0' && digits > 1 || i == len(b) || !ednDelimiter[b[i]] {
		return 0, unplain
	}
	return n, i
}

// plainInt reads an integer that may be negative.
func plainInt(b []byte, i int) (n int64, end int) {
	if i < len(b) && b[i] == '-' {
		n, end = digitsEnd(b, i+1)
		return -n, end
	}
	return digitsEnd(b, i)
}

// plainValue reads a value that nests at most so deep.
func (p *ednParser) plainValue(b []byte, i, depth int) (v Value, end int) {
	if i == len(b) || depth == 0 {
		return Value{}, unplain
	}
	switch c := b[i]; {
	case c-'0' <= 9 || c == '-':
		return plainNumber(b, i)
	case c == '"':
		return p.plainText(b, i)
	case c == ':':
		if end = tokenEnd(b, i+1); end <= i+1 {
			return Value{}, unplain
		}
		return p.names.literal(b[i:end]), end
	case c == '[':
		return p.plainList(b, i+1, ']', depth)
	case c == '(':
		return p.plainList(b, i+1, ')', depth)
	case c == '{':
		return p.plainMap(b, i+1, depth)
	case c == '#' && i+1 < len(b) && b[i+1] == '{':
		return p.plainSet(b, i+2, depth)
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return p.plainSymbol(b, i)
	}
	return Value{}, unplain
}

func plainNumber(b []byte, i int) (v Value, end int) {
	if n, end := plainInt(b, i); end != unplain {
		return IntValue(n), end
	}
	if end = tokenEnd(b, i); end == unplain {
		return Value{}, unplain
	}
	v, ok := parseNumber(b[i:end])
	if !ok { // it may be a symbol such as ->
		return Value{}, unplain
	}
	return v, end
}

func (p *ednParser) plainText(b []byte, i int) (v Value, end int) {
	for end = i + 1; end < len(b) && plainText[b[end]]; {
		end++
	}
	if end == len(b) || b[end] != '"' {
		return Value{}, unplain
	}
	return p.names.text(b[i+1 : end]), end + 1
}

// plainText are the bytes of strings that need no second look.
var plainText = plainTexts()

func plainTexts() (set [256]bool) {
	for c := byte(' '); c <= '~'; c++ {
		set[c] = c != '"' && c != '\\'
	}
	return set
}

func (p *ednParser) plainSymbol(b []byte, i int) (v Value, end int) {
	if end = tokenEnd(b, i); end == unplain {
		return Value{}, unplain
	}
	if string(b[i:end]) == "nil" {
		return NilValue(), end
	}
	return p.names.literal(b[i:end]), end
}

// plainList reads the rest of a vector or a list. It takes its elements for integers until one is not.
func (p *ednParser) plainList(b []byte, i int, bracket byte, depth int) (v Value, end int) {
	ints := p.ints[:0]
	for {
		i = spaceEnd(b, i)
		if i < len(b) && b[i] == bracket {
			p.ints = ints
			return p.room.ints(ints), i + 1
		}
		n, end := plainInt(b, i)
		if end == unplain {
			break
		}
		ints, i = append(ints, n), end
	}
	base := len(p.stack)
	for _, n := range ints {
		p.stack = append(p.stack, IntValue(n))
	}
	p.ints = ints
	if i = p.plainRest(b, i, bracket, depth); i == unplain {
		return Value{}, unplain
	}
	v = p.room.list(listed(p.stack[base:], bracket))
	p.stack = p.stack[:base]
	return v, i
}

// plainRest reads the elements of a collection onto the stack.
func (p *ednParser) plainRest(b []byte, i int, bracket byte, depth int) (end int) {
	for {
		i = spaceEnd(b, i)
		if i < len(b) && b[i] == bracket {
			return i + 1
		}
		v, end := p.plainValue(b, i, depth-1)
		if end == unplain {
			return unplain
		}
		p.stack = append(p.stack, v)
		i = end
	}
}

// plainMap reads the rest of a map, which is two deep, as its entries are lists in a list.
func (p *ednParser) plainMap(b []byte, i, depth int) (v Value, end int) {
	if depth < 2 {
		return Value{}, unplain
	}
	base := len(p.stack)
	if end = p.plainRest(b, i, '}', depth-1); end == unplain || (len(p.stack)-base)%2 != 0 {
		return Value{}, unplain
	}
	v, distinct := mapOf(p.stack[base:])
	p.stack = p.stack[:base]
	if !distinct {
		return Value{}, unplain
	}
	return v, end
}

func (p *ednParser) plainSet(b []byte, i, depth int) (v Value, end int) {
	base := len(p.stack)
	if end = p.plainRest(b, i, '}', depth); end == unplain {
		return Value{}, unplain
	}
	v, distinct := setOf(p.stack[base:])
	p.stack = p.stack[:base]
	if !distinct {
		return Value{}, unplain
	}
	return v, end
}
