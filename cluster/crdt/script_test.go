package crdt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/kindtest"
)

// TestScripts shows what the data types and the modes do. The lines that are not of every kind of system are
//
//	a adds 5 to or-set/1 near n1      also: removes, writes, puts [key,value] to, moves [node,parent] in, deletes x from;
//	                                  a is a client, which has seen what it has read and its own updates
//	a types x after y in text/1 near n1   a letter; y is "the beginning" or another letter
//	a reads or-set/1 near n1
//	show or-set/1                     what each node has
//
// The output has what came of reads, of what failed, and what show shows. A bug is planted in all nodes at once.
func TestScripts(t *testing.T) {
	kindtest.Script{Kind: Kind(), Plant: plantAtOnce,
		Begin: func(t *testing.T, s cluster.System) func([]string) string {
			return (&script{t: t, system: s.(*system), people: map[string]*person{}, letters: map[string]string{}}).step
		}}.Run(t, "testdata/script")
}

func plantAtOnce(s cluster.System, bug string) {
	for _, node := range s.Nodes() {
		bugs.Planting(bug)(s.(*system).Program(node).(*replica))
	}
}

type script struct {
	t       *testing.T
	system  *system
	people  map[string]*person
	letters map[string]string // the name of the character that each is, and the other way round
	clients int
}

func (s *script) step(words []string) string {
	if words[0] == "show" {
		return s.show(words[1])
	}
	return s.operate(words)
}

// person is a client with what it has seen of each object, and the text before it.
type person struct {
	seen map[string]logical.Vector
	text []string
}

func (s *script) show(key string) string {
	var lines []string
	for _, node := range s.system.Nodes() {
		line := node + " down"
		if r, _ := s.system.Program(node).(*replica); r != nil {
			o, err := r.object(key)
			s.check(err)
			line = fmt.Sprintf("%s has %s by %v", node, s.shown(r.value(o)), cmp.Or(o.Seen.Vector.String(), "nothing"))
		}
		lines = append(lines, "  "+line)
	}
	return strings.Join(lines, "\n")
}

// shown is a value with the letters that characters are.
func (s *script) shown(v history.Value) string {
	text := ""
	for e := range v.Elements {
		if name, ok := e.Text(); ok {
			text += s.letters[name]
		}
	}
	if text != "" {
		return text
	}
	return v.Shown()
}

// verbs are the operations by the words of a script.
var verbs = map[string]string{"adds": ops.Add, "removes": ops.Remove, "writes": ops.Write, "puts": ops.Put, "moves": ops.Move,
	"types": ops.Insert, "deletes": ops.Delete, "reads": ops.Read}

func (s *script) operate(words []string) string {
	who, f, key, near := s.person(words[0]), verbs[words[1]], words[len(words)-3], words[len(words)-1]
	if who.seen[key] == nil {
		who.seen[key] = logical.Vector{}
	}
	op := cluster.Op{Object: typeOf(key), F: f, Key: key, Value: ops.EncodeVector(who.seen[key])}
	u := ops.Update{Dot: logical.Dot{Node: words[0], N: who.seen[key][words[0]] + 1}, Context: who.seen[key]}
	if f != ops.Read {
		u.Argument = s.argument(who, f, words)
		op.Value = u.Encode()
	}
	s.clients++
	c := s.system.Open(s.clients, near)
	defer c.Close()
	out := c.Do(op)
	if out.Type != history.OK {
		return fmt.Sprintf("%s: %s, %s", strings.Join(words, " "), out.Type, out.Error)
	}
	if f != ops.Read {
		who.seen[key][words[0]]++
		s.edit(who, f, u, words[2])
		return ""
	}
	told, err := ops.DecodeSeen(out.Value)
	s.check(err)
	who.seen[key], who.text = told.Version, nil
	for e := range told.Value.Elements {
		name, _ := e.Text()
		who.text = append(who.text, name)
	}
	return fmt.Sprintf("%s reads %s", words[0], s.shown(told.Value))
}

func (s *script) person(name string) *person {
	if s.people[name] == nil {
		s.people[name] = &person{seen: map[string]logical.Vector{}}
	}
	return s.people[name]
}

func (s *script) argument(who *person, f string, words []string) history.Value {
	switch f {
	case ops.Insert:
		i := slices.Index(who.text, s.letters[words[4]]) + 1 // at 0 for "the beginning"
		left, right := history.NilValue(), history.NilValue()
		if i > 0 {
			left = history.TextValue(who.text[i-1])
		}
		if i < len(who.text) {
			right = history.TextValue(who.text[i])
		}
		return history.ListValue(left, right)
	case ops.Delete:
		return history.TextValue(s.letters[words[2]])
	}
	v, err := history.ParseValue([]byte(words[2]))
	s.check(err)
	return v
}

// edit has the client see what it has typed.
func (s *script) edit(who *person, f string, u ops.Update, letter string) {
	switch f {
	case ops.Insert:
		after, _ := u.Argument.At(0).Text()
		name := u.Dot.String()
		who.text = slices.Insert(who.text, slices.Index(who.text, after)+1, name)
		s.letters[letter], s.letters[name] = name, letter
	case ops.Delete:
		who.text = slices.DeleteFunc(who.text, func(name string) bool { return name == s.letters[letter] })
	}
}

func (s *script) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
