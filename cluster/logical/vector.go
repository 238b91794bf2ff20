package logical

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Vector is a vector clock: how many events of each node are known (Fidge 1988, Mattern 1989). As the version of a datum it counts the
// writes that the version includes, and is called a version vector (Parker et al. 1983). A node that is missing has none; nil is the
// vector before all events. As JSON it is an object.
type Vector map[string]uint64

// Dot is one event of a node: the n-th, from 1 on.
type Dot struct {
	Node string `json:"node"`
	N    uint64 `json:"n"`
}

// Tick counts an event of a node, and returns it.
func (v Vector) Tick(node string) Dot {
	v[node]++
	return Dot{node, v[node]}
}

// Merge makes v the least vector that includes what v and w do.
func (v Vector) Merge(w Vector) {
	for node, n := range w {
		v[node] = max(v[node], n)
	}
}

// Clone returns a copy, which is not nil.
func (v Vector) Clone() Vector {
	w := make(Vector, len(v)+1)
	maps.Copy(w, v)
	return w
}

// Includes reports whether v counts an event.
func (v Vector) Includes(d Dot) bool { return v[d.Node] >= d.N }

// Order is how two vectors are related.
type Order int

const (
	Equal      Order = iota
	Before           // of what the other counts something is missing, and nothing else differs
	After            // the other way round
	Concurrent       // each counts what the other does not
)

// Compare says how v is related to w. If both are times of events, the event of v happened before that of w exactly if v is Before w.
func (v Vector) Compare(w Vector) Order {
	most, least := v.Contains(w), w.Contains(v)
	switch {
	case most && least:
		return Equal
	case least:
		return Before
	case most:
		return After
	}
	return Concurrent
}

// Lacks returns an event that w counts and v does not, if there is one.
func (v Vector) Lacks(w Vector) (d Dot, ok bool) {
	for node, n := range w {
		if v[node] < n {
			return Dot{node, n}, true
		}
	}
	return Dot{}, false
}

// String names the nodes in their order: "n1:3 n2:1".
func (v Vector) String() string {
	var parts []string
	for _, node := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, fmt.Sprintf("%s:%d", node, v[node]))
	}
	return strings.Join(parts, " ")
}

// Contains reports whether v counts all that w does.
func (v Vector) Contains(w Vector) bool {
	_, lacks := v.Lacks(w)
	return !lacks
}

// Compare orders dots by node, and those of a node by number.
func (d Dot) Compare(e Dot) int { return cmp.Or(cmp.Compare(d.Node, e.Node), cmp.Compare(d.N, e.N)) }

func (d Dot) String() string { return d.Node + ":" + strconv.FormatUint(d.N, 10) }

// ParseDot is the inverse of Dot.String.
func ParseDot(s string) (Dot, error) {
	i := strings.LastIndexByte(s, ':')
	n, err := strconv.ParseUint(s[i+1:], 10, 64)
	if i < 0 || err != nil || n == 0 {
		return Dot{}, fmt.Errorf("%q is no event of a node, such as n1:3", s)
	}
	return Dot{s[:i], n}, nil
}

func (o Order) String() string { return [...]string{"equal", "before", "after", "concurrent"}[o] }
