package cluster

import "fmt"

// Bugs are the planted bugs of a design, whose programs are of type P.
type Bugs[P any] []Planted[P]

// Planted is a planted bug and how it is planted.
type Planted[P any] struct {
	Bug
	// Plant has the bug take the place of parts of a program before that starts.
	Plant func(P)
}

// Planting is how the bug of a name is planted; without a name nothing is. It panics if there is none of that name: a spec that names
// one was validated.
func (all Bugs[P]) Planting(name string) func(P) {
	if name == "" {
		return func(P) {}
	}
	for _, b := range all {
		if b.Name == name {
			return b.Plant
		}
	}
	panic(fmt.Sprintf("cluster: there is no bug called %q", name))
}

// Described are the bugs as a Kind lists them.
func (all Bugs[P]) Described() []Bug {
	var described []Bug
	for _, b := range all {
		described = append(described, b.Bug)
	}
	return described
}
