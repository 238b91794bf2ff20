package catalog

import (
	"strings"

	"faultline/history"
	"faultline/internal/wording"
)

// shapes are the shapes that some values have, as a set.
type shapes uint16

const (
	anInteger shapes = 1 << iota
	aText
	aLiteral // keywords, booleans and what else EDN has
	aList
	aSet
	aMap
)

var shapeNames = [...]string{"integers", "texts", "keywords or other literals", "lists", "sets", "maps"}

// shapeOf is the shape of a value; empty for null and for none, which fit everywhere.
func shapeOf(v history.Value) shapes {
	switch v.Kind() {
	case history.Int:
		return anInteger
	case history.Text:
		return aText
	case history.Literal:
		return aLiteral
	case history.Pair, history.List:
		return aList
	case history.Set:
		return aSet
	case history.Map:
		return aMap
	default:
		return 0
	}
}

func (s shapes) String() string {
	var names []string
	for i, name := range shapeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return wording.List(names, "and")
}

// seen is what is known of some values.
type seen struct {
	shape    shapes
	elements shapes        // of lists and sets
	entries  shapes        // the values of maps
	first    history.Value // the first of them that is not null

	steps    steps  // what the steps of transactions do
	put, got shapes // what steps write and read

	versioned     bool // [nil value], where the store is to fill in the version
	versionedPair bool // [nil [expected new]]
	version       bool // {:value … :version …}
}

// merge adds what is known of other values.
func (s *seen) merge(other seen) {
	if s.shape == 0 {
		s.first = other.first
	}
	s.shape |= other.shape
	s.elements |= other.elements
	s.entries |= other.entries
	s.steps |= other.steps
	s.put |= other.put
	s.got |= other.got
	s.versioned = s.versioned || other.versioned
	s.versionedPair = s.versionedPair || other.versionedPair
	s.version = s.version || other.version
}

// steps are what the steps of a transaction do, as a set.
type steps uint8

const (
	stepsRead steps = 1 << iota
	stepsWrite
	stepsAppend
	stepsSend
	stepsPoll
)

// looked bounds how many elements of a value are looked at. A list that begins with integers goes on with integers.
const looked = 16

func (s *seen) add(v history.Value) {
	shape := shapeOf(v)
	if shape == 0 {
		return
	}
	if s.shape == 0 {
		s.first = v
	}
	if s.shape |= shape; shape <= aLiteral {
		return
	}
	if first, second, ok := onlyTwo(v); ok && shape == aList && first.Kind() == history.Nil {
		_, _, pair := onlyTwo(second)
		s.versioned, s.versionedPair = true, s.versionedPair || pair
	}
	if steps := v.Steps(); steps != nil {
		s.registers(steps)
		return
	}
	n := 0
	for e := range v.Elements {
		if n++; n > looked {
			break
		}
		switch {
		case shape == aMap && n%2 == 1:
			s.version = s.version || isVersion(e)
		case shape == aMap:
			s.entries |= shapeOf(e)
		default:
			s.elements |= shapeOf(e)
			s.step(e)
		}
	}
}

// onlyTwo takes a collection of two apart.
func onlyTwo(v history.Value) (first, second history.Value, ok bool) {
	if v.Len() != 2 {
		return first, second, false
	}
	return v.At(0), v.At(1), true
}

// registers looks at the steps of a transaction on registers.
func (s *seen) registers(steps []history.Step) {
	if s.elements |= aList; s.steps&(stepsRead|stepsWrite) == stepsRead|stepsWrite && s.put&s.got&anInteger != 0 {
		return // there is nothing else
	}
	for _, step := range steps[:min(len(steps), looked)] {
		switch {
		case step.Write:
			s.steps |= stepsWrite
			s.put |= anInteger
		case step.Nil:
			s.steps |= stepsRead
		default:
			s.steps |= stepsRead
			s.got |= anInteger
		}
	}
}

// step looks at an element that may be the step of a transaction.
func (s *seen) step(v history.Value) {
	n := v.Len()
	if n == 0 || shapeOf(v) != aList {
		return
	}
	operand := shapes(0)
	if n == 3 {
		operand = shapeOf(v.At(2))
	}
	switch name := v.At(0).Word(); {
	case n == 3 && (name == "r" || name == "read"):
		s.steps |= stepsRead
		s.got |= operand
	case n == 3 && (name == "w" || name == "write"):
		s.steps |= stepsWrite
		s.put |= operand
	case name == "append":
		s.steps |= stepsAppend
	case name == "send":
		s.steps |= stepsSend
	case name == "poll":
		s.steps |= stepsPoll
	}
}

// isVersion recognizes the key of a map under which it has a version.
func isVersion(key history.Value) bool {
	switch strings.ToLower(key.Word()) {
	case "version", "ver", "revision", "mod-revision":
		return true
	default:
		return false
	}
}

// edn is a value as the user's own file may have it, cut off where it would fill the screen.
func edn(v history.Value) string {
	const longest = 60
	return wording.Line(string(v.AppendEDN(nil)), longest)
}
