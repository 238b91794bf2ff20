package cluster

import "fmt"

// Modes are the modes of a design. Their type embeds Mode, and has besides what the design makes of each.
type Modes[M interface{ described() Mode }] []M

func (m Mode) described() Mode { return m }

// Called is the mode of a name. It panics if there is none: a spec that names it was validated.
func (all Modes[M]) Called(name string) M {
	for _, m := range all {
		if m.described().Name == name {
			return m
		}
	}
	panic(fmt.Sprintf("cluster: there is no mode called %q", name))
}

// Described are the modes as a Kind lists them.
func (all Modes[M]) Described() []Mode {
	var described []Mode
	for _, m := range all {
		described = append(described, m.described())
	}
	return described
}
