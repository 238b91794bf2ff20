package exact

import "fmt"

// Case is a proof that transactions cannot be ordered: they must come before each other in a circle, or they must whichever of two of
// them comes first.
type Case struct {
	Cycle []Edge // nil if there are two cases

	First, Second int32 // writers of one key
	Either        *Case // if First comes before Second
	Or            *Case // if Second comes before First
}

// Edge says that a transaction comes before another one.
type Edge struct {
	From, To int32
	Why      Why
	Key      int32 // none, -1, for Session and RealTime
}

// Why is the reason for an edge.
type Why uint8

const (
	WriteRead      Why = iota + 1 // To read what From wrote
	WriteWrite                    // both write Key, and From is taken to come first, in a case around this one
	ReadWrite                     // From read a version of Key that was overwritten by To
	InSession                     // To follows From in its session
	BeforeInvoking                // From had returned when To began
)

var whyNames = [...]string{WriteRead: "wr", WriteWrite: "ww", ReadWrite: "rw", InSession: "session", BeforeInvoking: "realtime"}

func (w Why) String() string {
	if w == 0 || int(w) >= len(whyNames) {
		return fmt.Sprintf("Why(%d)", uint8(w))
	}
	return whyNames[w]
}

// enoughCases is how many circles a proof has at most.
const enoughCases = 32

// prove looks for a proof that some transactions cannot be ordered; nil if there is none that anybody would read, or if the steps end before.
func (p *problem) prove(core []int32) *Case {
	sub := newProblem(subset(p.h, core), p.level, p.options)
	g, cycle, _ := sub.known()
	c := &choices{p: sub, g: g}
	v := &prover{p: sub, core: core, keys: p.keysOf(core)}
	if cycle != nil {
		return v.circle(cycle)
	}
	if !c.collect() {
		return nil
	}
	v.g, v.left = g, enoughCases
	return v.cases(c.open)
}

// keysOf are the keys of a subset in the numbers of the whole.
func (p *problem) keysOf(transactions []int32) []int32 {
	seen, keys := map[int32]bool{}, []int32(nil)
	in := map[int32]bool{}
	for _, t := range transactions {
		in[t] = true
	}
	for _, t := range transactions {
		for _, e := range p.h.Of(t) {
			if (e.From < 0 || in[e.From]) && !seen[e.Key] {
				seen[e.Key] = true
				keys = append(keys, e.Key)
			}
		}
	}
	return keys
}

// prover makes a proof by going through cases.
type prover struct {
	p    *problem // of the core alone
	g    *graph
	core []int32 // its transactions in the numbers of the whole
	keys []int32
	left int // how many circles the proof may still have
}

// cases proves that no way to make the choices is possible. It prefers choices of which one side is a circle at once.
func (v *prover) cases(open []choice) *Case {
	if len(open) == 0 || v.p.left() <= 0 {
		return nil
	}
	kept := len(v.g.edges)
	defer func() { v.g.unlink(kept) }()
	x := open[0]
	for _, y := range open {
		if v.impossible(y.a, y.b) {
			x = y
			break
		}
		if v.impossible(y.b, y.a) {
			x = choice{y.b, y.a}
			break
		}
	}
	var rest []choice
	for _, y := range open {
		if y != x && y != (choice{x.b, x.a}) {
			rest = append(rest, y)
		}
	}
	c := &Case{First: v.core[x.a], Second: v.core[x.b]}
	if c.Either = v.side(x.a, x.b, rest); c.Either == nil {
		return nil
	}
	v.g.unlink(kept)
	if c.Or = v.side(x.b, x.a, rest); c.Or == nil {
		return nil
	}
	return c
}

// impossible tells whether a cannot come before b.
func (v *prover) impossible(a, b int32) bool {
	kept := len(v.g.edges)
	defer v.g.unlink(kept)
	return v.p.order(v.g, a, b, certain) != nil
}

// side proves that a cannot come before b.
func (v *prover) side(a, b int32, open []choice) *Case {
	if cycle := v.p.order(v.g, a, b, certain); cycle != nil {
		return v.circle(cycle)
	}
	return v.cases(open)
}

// circle is a case that needs no further ones. Its edges are those between transactions: nodes that are none are left out.
func (v *prover) circle(cycle []edge) *Case {
	v.left--
	if v.left < 0 && v.g != nil {
		return nil
	}
	start := 0
	for v.p.transaction(cycle[start].from) == none {
		start++
	}
	c := &Case{}
	from := none
	for i := range cycle {
		e := cycle[(start+i)%len(cycle)]
		if t := v.p.transaction(e.from); t != none {
			from = t
		}
		to := v.p.transaction(e.to)
		if e.why == itself || to == none || to == from {
			continue
		}
		key := none
		if e.key != none {
			key = v.keys[e.key]
		}
		c.Cycle = append(c.Cycle, Edge{From: v.core[from], To: v.core[to], Why: reasons[e.why], Key: key})
	}
	return c
}

var reasons = [...]Why{
	writeRead: WriteRead, overwrote: WriteWrite, readOld: ReadWrite, session: InSession, realTime: BeforeInvoking,
}
