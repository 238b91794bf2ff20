package nemesis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"faultline/cluster"
)

// Subject is what there is to know of a system before faults are done to it.
type Subject struct {
	Nodes   []string
	Suffers []cluster.Fault
	// CrashPoints are where a process can be made to die, each as often as it is to be drawn.
	CrashPoints []string
	// Parts are the files of a node that can be damaged, by name; its log and its snapshot if there are none.
	Parts []string
}

// points are the crash points, each once.
func (s Subject) points() []string {
	var all []string
	for _, p := range s.CrashPoints {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// Damageable are the parts that can be damaged.
func (s Subject) Damageable() []string {
	if len(s.Parts) == 0 {
		return []string{"log", "snapshot"}
	}
	return s.Parts
}

// Usual are the families of a run that names none, as far as the system bears them.
var Usual = []string{"partition", "crash"}

// Bears returns those of some families that the system can suffer, and has nodes enough for.
func (s Subject) Bears(names ...string) []string {
	var borne []string
	for _, f := range families {
		if slices.Contains(names, f.Name) && f.nodes <= len(s.Nodes) && f.refuse(s.Suffers) == nil {
			borne = append(borne, f.Name)
		}
	}
	return borne
}

// lacks returns the first of what is needed that the system cannot suffer; empty if it can suffer all.
func (s Subject) lacks(needed []cluster.Fault) cluster.Fault {
	for _, fault := range needed {
		if !slices.Contains(s.Suffers, fault) {
			return fault
		}
	}
	return ""
}

// needs says what a system must be able to suffer for each verb to have an effect. Verbs of the load need nothing, as every
// test has one; what "end" ends is asked for when it begins.
var needs = func() map[string][]cluster.Fault {
	of := map[string][]cluster.Fault{}
	for _, row := range []struct {
		needed []cluster.Fault
		verbs  string
	}{
		{[]cluster.Fault{cluster.SuffersLinks}, "partition heal oneway flap chase"},
		{[]cluster.Fault{cluster.SuffersImpairments}, "delay loss throttle reorder"},
		{[]cluster.Fault{cluster.SuffersDuplicates}, "duplicate"},
		{[]cluster.Fault{cluster.SuffersResets}, "reset"},
		{[]cluster.Fault{cluster.SuffersProcesses}, "crash powerloss restart crash-loop crash-loop-end rolling-restart rolling-restart-end"},
		{[]cluster.Fault{cluster.SuffersDeaths, cluster.SuffersProcesses}, "crash-at disarm"},
		{[]cluster.Fault{cluster.SuffersDisks, cluster.SuffersProcesses}, "disk-slow disk-fast disk-stuck disk-unstuck disk-error disk-mend " +
			"disk-full disk-free disk-nosync disk-sync power-cycle bit-flip repair truncate untruncate restart-older"},
		{[]cluster.Fault{cluster.SuffersPauses}, "pause resume"},
		{[]cluster.Fault{cluster.SuffersClocks}, "jump drift strobe correct"},
		{[]cluster.Fault{cluster.SuffersTransfers}, "transfer"},
		{[]cluster.Fault{cluster.SuffersMembers}, "remove demote add-nonvoter promote add replace"},
		{nil, "end burst hot-key large-values slow-clients"},
	} {
		for verb := range strings.FieldsSeq(row.verbs) {
			of[verb] = row.needed
		}
	}
	return of
}()

// neededBy is what an action needs of a system: what its verb needs, and to know who leads if it aims at the leader.
func neededBy(a Action) []cluster.Fault {
	words := strings.Fields(a.String())
	needed := needs[words[0]]
	if slices.Contains(words, theLeader.String()) {
		needed = append(slices.Clone(needed), cluster.SuffersLeadership)
	}
	return needed
}

// suffers refuses an action that the system cannot suffer.
func (f *forecast) suffers(a Action) error {
	if missing := f.subject.lacks(neededBy(a)); missing != "" {
		verb, _, _ := strings.Cut(a.String(), " ")
		return f.refuse(verb, "%q needs %s, which this system does not have", a, missing)
	}
	return nil
}

// refuse is the error for a family of which the system can suffer nothing; nil if there is anything.
func (f family) refuse(suffers []cluster.Fault) error {
	const enough = 64 // that one of them aims at no leader, if any does not
	on := Subject{Nodes: cluster.NodeNames(7), Suffers: suffers, CrashPoints: []string{pointRestore}}
	rng := rand.New(rand.NewPCG(0, 0))
	var missing cluster.Fault
	for range enough {
		needed := neededBy(f.begin(rng, on))
		if f.end != nil {
			needed = append(slices.Clone(needed), neededBy(f.end)...)
		}
		if missing = on.lacks(needed); missing == "" {
			return nil
		}
	}
	return fmt.Errorf("the family %s needs %s, which this system does not have", f.Name, missing)
}

// draw draws the beginning of a fault that the system can suffer. There is one, as the family was not refused.
func (f family) draw(rng *rand.Rand, on Subject) Action {
	for {
		if a := f.begin(rng, on); on.lacks(neededBy(a)) == "" {
			return a
		}
	}
}
