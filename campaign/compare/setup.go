package compare

import (
	"fmt"
	"slices"
	"strings"

	"faultline/cluster"
	"faultline/internal/nearest"
	"faultline/world"
)

// Setup is a way to use a system: a mode, and what differs from the usual in it. As text it is "stale" or "stale+roam".
type Setup struct {
	Name string
	Kind cluster.Kind
	Mode cluster.Mode
	// Config are the settings of its system, where several are compared; nil for those of the comparison.
	Config   cluster.Config
	variants []cluster.Variant
}

// ParseSetup reads a mode of a kind of system and its variants.
func ParseSetup(kind cluster.Kind, text string) (Setup, error) {
	words := strings.Split(text, "+")
	s := Setup{Name: text, Kind: kind}
	var err error
	if s.Mode, err = kind.Mode(words[0]); err != nil {
		return s, err
	}
	for _, word := range words[1:] {
		k := slices.IndexFunc(kind.Variants, func(v cluster.Variant) bool { return v.Name == word })
		if k < 0 {
			var names []string
			for _, v := range kind.Variants {
				names = append(names, v.Name)
			}
			return s, fmt.Errorf("%s: unknown variant %q; %s", text, word, nearest.Hint(word, names, "there are"))
		}
		s.variants = append(s.variants, kind.Variants[k])
	}
	return s, nil
}

// Spec is a spec with the system used in this way.
func (s Setup) Spec(spec world.Spec) world.Spec {
	if s.Config != nil {
		spec.System, spec.Config = s.Kind.Name, s.Config
	}
	spec, _ = spec.WithDefaults() // its kind is the setup's
	spec.Mode = s.Mode.Name
	spec.Config = cluster.CloneConfig(spec.Config)
	for _, v := range s.variants {
		v.Apply(spec.Config)
	}
	return spec
}

// Claims says what the system is meant to be when it is used in this way, and what breaks that, if anything does.
func (s Setup) Claims() (claim, unless string) {
	for _, v := range s.variants {
		if v.Voids {
			return "nothing under faults", ""
		}
	}
	return s.Mode.Claims, s.Mode.Unless
}

// Keeps names the models that the system is to keep when it is used in this way, whatever a correct one survives is done
// to it. If one of them is refuted, it is defective.
func (s Setup) Keeps() []string {
	keeps := slices.Clone(s.Mode.Keeps)
	for _, v := range s.variants {
		if v.Voids {
			return nil
		}
		keeps = append(keeps, v.Adds...)
	}
	return keeps
}
