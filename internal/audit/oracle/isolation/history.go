// Package isolation judges small histories of transactions by the definitions of the isolation levels alone: it tries every choice of
// the transactions of unknown outcome that committed, every order in which transactions may have committed, and every version that a
// read may have seen. It shares no code with the checkers that it is to judge, and was written without sight of them.
//
// # What is tried
//
// Every level proscribes G0, a cycle of write dependencies, and from read committed on G1c, in which reads may take part. So the version orders
// of all keys agree with one total order of the committed transactions, and reads are of what is before them in it: to try all of these orders
// is to try all version orders that a level can have. Cerone and Gotsman call the order arbitration, Biswas and Enea commit order, and Crooks et
// al. an execution. Each level is asked in the terms of its own source:
//
//   - read uncommitted, read committed, cursor stability, monotonic view, consistent view, repeatable read, update serializability: the
//     phenomena of Adya's thesis (1999), on the dependency graph of that version order;
//   - snapshot isolation, serializability and their strong forms: states and commit tests, as in Crooks et al., "Seeing is Believing" (2017);
//   - read atomic, update atomic, causal, prefix, parallel snapshot isolation: visibility and arbitration, as in Cerone, Bernardi and Gotsman (2015);
//   - monotonic atomic view: Bailis et al. (2014), by the axiom that Biswas and Enea (2019) call read committed.
//
// The tests hold these against each other where theory says that two are equal.
//
// # Lists
//
// A key that is appended to is a register whose values show their past: each append makes a version that is the one before it
// with one element more. So what a read returned must be a version of the total order. An append is no read: it depends on the version
// before it as a write does.
//
// # Where definitions leave something open
//
// A history may be in keeping with a level in one reading of the definition and not in another. Then the answer is Open:
//
//   - the predicate reads of repeatable read and of cursor stability. The keys that a scan returns are items that it read (Adya's model of a
//     query), or they belong to its predicate alone; and a cycle of an item and a predicate anti-dependency is G2-item (Adya's words) or not
//     (what long locks on items give);
//   - what a reader of a list has seen, for levels at which to see a transaction is not to see all before it: the writer of the last
//     element, or the writers of all elements;
//   - levels below read atomic where two reads saw lists that contradict each other, or a transaction does not read its own writes: Adya's
//     histories have neither; and where the elements of two transactions are mixed in a list, which is a dirty write but, as Adya orders
//     final versions only, no G0;
//   - whether the keys of one scan are read at once, for monotonic atomic view.
//
// # What cannot be inferred
//
// A level is kept if some version order keeps it. A checker that infers orders from reads knows fewer dependencies than every order has, where
// elements were never read, or where a register's order shows in nothing. So what it refutes must be refuted here, always; that it finds
// whatever is refuted here can be asked where a history is Determined, or of a checker that searches among the orders.
//
// At read uncommitted even a transaction that was read may have aborted. So no transaction of unknown outcome takes part in a G0.
package isolation

import (
	"fmt"
	"slices"
	"strings"

	"faultline/internal/audit/oracle"
)

// Kind is what a step does.
type Kind uint8

const (
	Read Kind = iota
	Write
	Append
)

// Step is an access to one key. A scan is a read of each key that begins with its prefix.
type Step struct {
	Kind  Kind
	Key   int
	Value int   // written or appended
	Seen  []int // what a read returned: the elements of a list, the value of a register, nothing for the initial value
	Scan  bool  // it is part of a scan
	At    int   // the position of the micro-operation in its transaction; the reads of a scan have the same
}

// Transaction is a transaction as its client saw it.
type Transaction struct {
	Process           int
	Outcome           oracle.Type // OK, Fail or Info
	Steps             []Step      // without reads unless it is ok
	Invoked, Returned int         // positions of the events; Returned is meaningless for Info
}

// History is what the levels are asked about.
type History struct {
	Transactions []Transaction // in order of invocation
	Keys         []string
	Values       []string // what the numbers of values stand for
	Lists        bool     // keys are appended to; they are registers otherwise
}

// reader turns events into a history.
type reader struct {
	History
	keys, values map[string]int
}

// Parse reads the events of a well-formed history whose operations are all "txn". It holds either lists or registers.
func Parse(events []oracle.Event) History {
	r := reader{keys: map[string]int{}, values: map[string]int{}}
	ops := oracle.Operations(events)
	for _, op := range ops {
		r.name(op.Input)
		r.name(op.Output)
	}
	for _, op := range ops {
		t := Transaction{Process: op.Process, Outcome: op.Outcome, Invoked: op.Invoked, Returned: op.Returned}
		told := op.Input
		if op.Outcome == oracle.OK {
			told = op.Output
		}
		for at, step := range told.Items() {
			t.Steps = append(t.Steps, r.steps(at, step, op.Outcome == oracle.OK)...)
		}
		r.Transactions = append(r.Transactions, t)
	}
	return r.History
}

// name collects the keys, so that scans know which there are.
func (r *reader) name(txn oracle.Value) {
	for _, step := range txn.Items() {
		if op := text(step.Items()[0]); op == "scan" {
			for i := 0; i < len(step.Items()[2].Items()); i += 2 {
				r.key(step.Items()[2].Items()[i])
			}
		} else {
			r.Lists = r.Lists || op == "append"
			r.key(step.Items()[1])
		}
	}
}

func (r *reader) key(v oracle.Value) int { return number(r.keys, &r.Keys, text(v)) }

func (r *reader) value(v oracle.Value) int { return number(r.values, &r.Values, v.String()) }

func number(numbers map[string]int, names *[]string, name string) int {
	n, ok := numbers[name]
	if !ok {
		n = len(*names)
		numbers[name] = n
		*names = append(*names, name)
	}
	return n
}

// text is a key or the name of an operation, in whichever form.
func text(v oracle.Value) string {
	if v.Kind() == oracle.Text {
		return v.Text()
	}
	return strings.TrimPrefix(v.String(), ":")
}

func (r *reader) steps(at int, step oracle.Value, answered bool) []Step {
	items := step.Items()
	switch op := text(items[0]); op {
	case "w":
		return []Step{{Kind: Write, Key: r.key(items[1]), Value: r.value(items[2]), At: at}}
	case "append":
		return []Step{{Kind: Append, Key: r.key(items[1]), Value: r.value(items[2]), At: at}}
	case "r":
		if !answered {
			return nil
		}
		return []Step{{Key: r.key(items[1]), Seen: r.seen(items[2]), At: at}}
	case "scan":
		if !answered {
			return nil
		}
		return r.scan(at, text(items[1]), items[2].Items())
	default:
		panic(fmt.Sprintf("isolation: unknown operation %q", op))
	}
}

// scan is a read of all keys that begin with the prefix. Those that are not in the answer were read as initial.
func (r *reader) scan(at int, prefix string, found []oracle.Value) []Step {
	var steps []Step
	for key, name := range r.Keys {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		s := Step{Key: key, Scan: true, At: at}
		for i := 0; i < len(found); i += 2 {
			if text(found[i]) == name {
				s.Seen = r.seen(found[i+1])
			}
		}
		steps = append(steps, s)
	}
	return steps
}

func (r *reader) seen(v oracle.Value) []int {
	switch v.Kind() {
	case oracle.Nil, oracle.None:
		return nil
	case oracle.List:
		var elements []int
		for _, item := range v.Items() {
			elements = append(elements, r.value(item))
		}
		return elements
	}
	return []int{r.value(v)}
}

// after is the content of a key after steps of a transaction that have changed it.
func after(content []int, steps []Step, key int) []int {
	for _, s := range steps {
		switch {
		case s.Key != key || s.Kind == Read:
		case s.Kind == Write:
			content = []int{s.Value}
		default:
			content = append(slices.Clip(content), s.Value)
		}
	}
	return content
}

// writes reports whether a transaction changes a key.
func (t *Transaction) writes(key int) bool {
	return slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Kind != Read && s.Key == key })
}

// readOnly reports whether it changes none.
func (t *Transaction) readOnly() bool {
	return !slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Kind != Read })
}
