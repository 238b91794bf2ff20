package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"faultline/checker/ladder"
	"faultline/cluster/raftkv"
	"faultline/internal/nearest"
	"faultline/world"
)

// Setup is a way to use the store: a read level, and what differs from the usual beside it. As text it is "stale" or
// "stale+roam".
type Setup struct {
	Name     string
	Level    raftkv.Level
	variants []Variant
}

// Variant is something that differs from the usual.
type Variant struct {
	Name  string
	Doc   string
	apply func(*world.Spec)

	adds string // what the level keeps beside its own with it
	none bool   // with it no level keeps anything under every fault
}

// Variants returns all of them.
func Variants() []Variant { return variants }

var variants = []Variant{
	{Name: "stay", Doc: "clients stay at one node for what any node may serve", adds: ladder.MonotonicReads,
		apply: func(s *world.Spec) { s.Cluster.Client.Affinity = raftkv.Stay }},
	{Name: "roam", Doc: "clients ask another node each time for what any node may serve",
		apply: func(s *world.Spec) { s.Cluster.Client.Affinity = raftkv.Roam }},
	{Name: "nosync", Doc: "log entries are not synced before they are acknowledged", none: true,
		apply: func(s *world.Spec) { s.Cluster.Raft.NoSync = true }},
	{Name: "blind", Doc: "clients send commands again without a session, so that one may be applied twice", none: true,
		apply: func(s *world.Spec) { s.Cluster.Client.BlindRetries = true }},
}

// DefaultSetups are all read levels, and what clients and writes can change about them.
func DefaultSetups() []string {
	return append(raftkv.LevelNames(), "stale+stay", "stale+roam", "readindex+nosync", "readindex+blind")
}

// ParseSetup reads a level and its variants.
func ParseSetup(text string) (Setup, error) {
	words := strings.Split(text, "+")
	s := Setup{Name: text}
	levels := raftkv.Levels()
	k := slices.IndexFunc(levels, func(l raftkv.Level) bool { return l.Name == words[0] })
	if k < 0 {
		return s, fmt.Errorf("unknown read level %q; %s", words[0], nearest.Hint(words[0], raftkv.LevelNames(), "there are"))
	}
	s.Level = levels[k]
	for _, word := range words[1:] {
		k := slices.IndexFunc(variants, func(v Variant) bool { return v.Name == word })
		if k < 0 {
			var names []string
			for _, v := range variants {
				names = append(names, v.Name)
			}
			return s, fmt.Errorf("%s: unknown variant %q; %s", text, word, nearest.Hint(word, names, "there are"))
		}
		s.variants = append(s.variants, variants[k])
	}
	return s, nil
}

// ParseSetups reads a list that is separated by commas. None is named twice.
func ParseSetups(text string) ([]Setup, error) {
	var all []Setup
	for _, name := range strings.Split(text, ",") {
		s, err := ParseSetup(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(o Setup) bool { return o.Name == s.Name }) {
			return nil, fmt.Errorf("%s is there twice", s.Name)
		}
		all = append(all, s)
	}
	return all, nil
}

// Spec is a spec with the store used in this way.
func (s Setup) Spec(spec world.Spec) world.Spec {
	spec.Cluster.Read = s.Level.Name
	for _, v := range s.variants {
		v.apply(&spec)
	}
	return spec
}

// Keeps names the models that the store is to keep when it is used in this way, whatever a correct store survives is done
// to it. If one of them is refuted, it is defective.
func (s Setup) Keeps() []string {
	keeps := []string{cmp.Or(s.Level.Keeps, s.Level.Model), ladder.Eventual}
	for _, v := range s.variants {
		if v.none {
			return nil
		}
		if v.adds != "" {
			keeps = append(keeps, v.adds)
		}
	}
	return keeps
}
