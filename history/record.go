package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// record is one operation map or log line of another tool, before what it leaves open is settled: the
// key in its value, the process behind its number, the time it does not tell.
type record struct {
	Event
	at     position
	size   int // bytes that it takes in the file
	fields fields

	processName string // instead of a number

	index   int64 // position in the history that the tool recorded, if it has that field
	tuples  bool  // values are [key value] tuples, if it has that field
	found   Value // in the place of the value, if it has that field
	tuple   bool  // the value is tagged as a tuple
	textKey bool  // Key is a string in the file, and not the text of something else
}

// fields are those that a record has, as a set.
type fields uint16

const (
	hasTime fields = 1 << iota
	hasProcess
	hasType
	hasF
	hasValue
	hasError
	hasIndex
	hasKey
	hasNode
	hasLogIndex
	hasNoValue
	hasTuples
	hasFound
	hasFinal
)

// otherFields are names of fields that no event has: tools add some of their own, which are dropped.
type otherFields []string

// mostOtherFields bounds how many there are, each of which is compared with all before it.
const mostOtherFields = 1000

// add notes a field, which the operation must not have already.
func (o *otherFields) add(name string) error {
	switch {
	case slices.Contains(*o, name):
		return fmt.Errorf("this operation has the field %s twice", clip([]byte(name)))
	case len(*o) == mostOtherFields:
		return fmt.Errorf("this operation has more than %d fields", mostOtherFields)
	}
	*o = append(*o, name)
	return nil
}

// records reads the records of a file. next returns io.EOF after the last one.
type records interface {
	next(*record) error
}

// whole refuses a record that lacks what an event needs.
func (r *record) whole() error {
	switch {
	case r.fields&hasType == 0:
		return r.at.errorf("this is not an operation: it has no type, such as invoke or ok")
	case r.fields&hasProcess == 0:
		return r.at.errorf("this operation has no process")
	case r.fields&hasF == 0 && isTransaction(r.Value):
		r.F = "txn" // Elle's histories have nothing else
	case r.fields&hasF == 0 && r.Process != Nemesis:
		return r.at.errorf("this operation has no function")
	}
	return nil
}

// isTransaction tells whether a value is a list of operations such as [[:append 253 1] [:r 255 nil]].
func isTransaction(v Value) bool {
	if !isList(v) {
		return false
	}
	for o := range v.Elements {
		if !isList(o) || o.Len() < 2 {
			return false
		}
		if _, ok := nameOf(o.At(0)); !ok {
			return false
		}
	}
	return v.Len() > 0
}

// maxProcess is the highest number of a process.
const maxProcess = 1<<31 - 1

// set sets the field that f names to what the file says.
func (r *record) set(f fields, v Value) (err error) {
	switch f {
	case hasTime:
		err = r.setTime(v)
	case hasProcess:
		err = r.setProcess(v)
	case hasType:
		err = r.setType(v)
	case hasF:
		err = r.setF(v)
	case hasValue:
		r.Value = v
	case hasError:
		r.Error = describe(v)
	case hasFound:
		r.found = v
	case hasIndex:
		err = r.setIndex(v)
	case hasKey:
		r.setKey(v)
	case hasNode:
		r.Node = describe(v)
	case hasLogIndex:
		err = r.setLogIndex(v)
	case hasFinal:
		r.setFinal(v)
	case hasNoValue, hasTuples:
		err = r.setMark(f, v)
	}
	return err
}

func (r *record) setProcess(v Value) error {
	name, isName := v.Text()
	if isKeyword(v) {
		name, isName = nameOf(v)
	}
	switch n, isNumber := v.Int(); {
	case isName && name == "nemesis":
		r.Process = Nemesis
	case isName && name != "":
		r.processName = name
	case isNumber && n >= 0 && n <= maxProcess:
		r.Process = int(n)
	default:
		return fmt.Errorf("the process is %s, which is neither the nemesis, nor a name, nor a number from 0 to %d", shortEDN(v), maxProcess)
	}
	return nil
}

func (r *record) setType(v Value) (err error) {
	name, ok := nameOf(v)
	if !ok {
		return fmt.Errorf("the type is %s, which is not one of invoke, ok, fail, info", shortEDN(v))
	}
	r.Type, err = ParseType(name)
	return err
}

func (r *record) setF(v Value) error {
	name, ok := nameOf(v)
	if !ok && v.Kind() != Nil {
		return fmt.Errorf("the function is %s, which is not a name", shortEDN(v))
	}
	if !ok {
		r.fields &^= hasF
	}
	r.F = name
	return nil
}

// setTime takes nil and -1, which jepsen.history puts there, for a time that was never given.
func (r *record) setTime(v Value) error {
	n, ok := v.Int()
	if !ok && v.Kind() != Nil {
		return fmt.Errorf("the time is %s, which is not a number of nanoseconds", shortEDN(v))
	}
	if !ok || n == -1 {
		r.fields &^= hasTime
		return nil
	}
	r.Time = time.Duration(n)
	return nil
}

// setIndex takes nil and -1 for an index that was never given.
func (r *record) setIndex(v Value) error {
	n, ok := v.Int()
	if !ok && v.Kind() != Nil {
		return fmt.Errorf("the index is %s, which is not a number", shortEDN(v))
	}
	if !ok || n < 0 {
		r.fields &^= hasIndex
	}
	r.index = n
	return nil
}

func (r *record) setKey(v Value) {
	if v.Kind() == Nil {
		r.fields &^= hasKey
		return
	}
	r.Key, r.textKey = keyText(v)
}

func (r *record) setLogIndex(v Value) error {
	digits := strings.TrimSuffix(string(v.AppendEDN(nil)), "N")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return fmt.Errorf("the log index is %s, which is not a position in a log", shortEDN(v))
	}
	r.LogIndex = n
	return nil
}

// setFinal reads the mark that Maelstrom gives the operations at the end of a test. Anything but true is none.
func (r *record) setFinal(v Value) {
	t, _ := v.Literal()
	r.Final = t == "true"
}

// setMark reads what EDNWriter adds where Jepsen's form leaves something open.
func (r *record) setMark(f fields, v Value) error {
	t, _ := v.Literal()
	if t != "true" && t != "false" {
		return fmt.Errorf("%s is neither true nor false", shortEDN(v))
	}
	if f == hasTuples {
		r.tuples = t == "true"
	} else if t == "false" {
		r.fields &^= hasNoValue
	}
	return nil
}

// nameOf is what a keyword, a symbol or a string spells.
func nameOf(v Value) (string, bool) {
	if t, ok := v.Text(); ok {
		return t, true
	}
	t, ok := v.Literal()
	switch {
	case !ok || t == "true" || t == "false":
		return "", false
	case t[0] == ':':
		return t[1:], true
	case t[0] == '#' || t[0] == '\\' || t[0] >= '0' && t[0] <= '9':
		return "", false
	default:
		return t, true
	}
}

// describe is a value for a person: names and strings as they are, nil as nothing, others as EDN.
func describe(v Value) string {
	if name, ok := nameOf(v); ok {
		return name
	}
	if v.Kind() == Nil {
		return ""
	}
	return string(v.AppendEDN(nil))
}

// keyText is the name of the object that a key stands for: a string as it is, others as EDN.
func keyText(v Value) (key string, isText bool) {
	if t, ok := v.Text(); ok {
		return t, true
	}
	return string(v.AppendEDN(nil)), false
}

func shortEDN(v Value) string { return clip(v.AppendEDN(nil)) }
