package compare

import (
	"fmt"
	"slices"
	"strings"

	"faultline/cluster"
	"faultline/internal/nearest"
	"faultline/nemesis"
	"faultline/world"
)

// Systems are the kinds of systems that a comparison is about: one, of which modes are compared, or several that are set side by side.
type Systems []cluster.Kind

// Common is what the systems have in common, as one kind of system. If there are several it has no settings and cannot be opened,
// its modes are called such as "primary/sync", and compared are the default modes.
func (s Systems) Common() cluster.Kind {
	if len(s) == 1 {
		return s[0]
	}
	all := cluster.Kind{Ops: s[0].Ops, Suffers: s[0].Suffers, CrashPoints: s[0].CrashPoints, Parts: s[0].Parts,
		ModeNoun: "system", ModeFlag: "mode", Config: func() cluster.Config { return nil }}
	var names []string
	for _, k := range s {
		names = append(names, k.Argument)
		all.Nodes = max(all.Nodes, k.Nodes)
		all.Ops = shared(all.Ops, k.Ops)
		all.Suffers = shared(all.Suffers, k.Suffers)
		all.CrashPoints = shared(all.CrashPoints, k.CrashPoints)
		all.Parts = shared(nemesis.Subject{Parts: all.Parts}.Damageable(), nemesis.Subject{Parts: k.Parts}.Damageable())
		for _, m := range k.Modes {
			m.Name = k.Name + "/" + m.Name
			all.Modes = append(all.Modes, m)
		}
		all.Compared = append(all.Compared, k.Name+"/"+k.DefaultMode)
	}
	all.Name = strings.Join(names, ",")
	all.Argument = all.Name
	if len(all.CrashPoints) == 0 {
		all.Suffers = without(all.Suffers, cluster.SuffersDeaths)
	}
	if len(all.Parts) == 0 {
		all.Suffers = without(all.Suffers, cluster.SuffersDisks)
	}
	return all
}

// Setups reads a list that is separated by commas. None is named twice. Of several systems a setup is one of the modes of Common, with
// variants, or the name of a system for its default mode.
func (s Systems) Setups(text string) ([]Setup, error) {
	var all []Setup
	for name := range strings.SplitSeq(text, ",") {
		setup, err := s.setup(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(o Setup) bool { return o.Name == setup.Name }) {
			return nil, fmt.Errorf("%s is there twice", setup.Name)
		}
		all = append(all, setup)
	}
	return all, nil
}

func (s Systems) setup(text string) (Setup, error) {
	if len(s) == 1 {
		return ParseSetup(s[0], text)
	}
	name, mode, named := strings.Cut(text, "/")
	var names []string
	for _, k := range s {
		if k.Name == name {
			if !named {
				mode = k.DefaultMode
			}
			setup, err := ParseSetup(k, mode)
			if err != nil {
				return setup, fmt.Errorf("%s: %w", text, err)
			}
			setup.Name, setup.Config = k.Name+"/"+mode, k.Config()
			return setup, nil
		}
		names = append(names, k.Name)
	}
	return Setup{}, fmt.Errorf("%s: unknown system %q; %s", text, name, nearest.Hint(name, names, "compared are"))
}

// subject is what a schedule that is drawn for all of them must know: faults that not all suffer are not among them, so that all
// have the same.
func (s Systems) subject(spec world.Spec) nemesis.Subject {
	all := s.Common()
	return nemesis.Subject{Nodes: cluster.NodeNames(spec.Nodes), Suffers: all.Suffers, CrashPoints: all.CrashPoints, Parts: all.Parts}
}

// shared are the elements of a that b has too.
func shared[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
}

func without[T comparable](all []T, x T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(y T) bool { return y == x })
}
