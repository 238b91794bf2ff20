package cluster

// Bugs are the planted bugs of a design, whose programs are of type P.
type Bugs[P any] []Planted[P]

// Planted is a planted bug and how it is planted.
type Planted[P any] struct {
	Bug
	// Plant has the bug take the place of parts of a program before that starts.
	Plant func(P)
}

// Planting is how the bug of a name is planted; nil if there is none of that name.
func (all Bugs[P]) Planting(name string) func(P) {
	for _, b := range all {
		if b.Name == name {
			return b.Plant
		}
	}
	return nil
}

// Described are the bugs as a Kind lists them.
func (all Bugs[P]) Described() []Bug {
	var described []Bug
	for _, b := range all {
		described = append(described, b.Bug)
	}
	return described
}
