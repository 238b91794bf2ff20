package nemesis

import (
	"fmt"

	"faultline/cluster"
	"faultline/history"
)

var duplicateVerb = verb{
	name:  "duplicate",
	usage: "duplicate leader 50%, until end duplicate; with " + takes(nodeSymbols),
	parse: func(l *line) (Action, error) {
		t, err := parseTargets(l, "duplicate", nodeSymbols)
		if err != nil {
			return nil, err
		}
		p, err := parsePercent(l)
		return duplicate{t, p}, err
	},
}

// duplicate has a share of all attempts to connect to some nodes come again, late and for nobody: the node
// accepts a connection that ends at once. See cluster.Duplicates for why that is all there is to see.
type duplicate struct {
	targets targets
	share   percent
}

func (d duplicate) String() string { return "duplicate " + d.detail() }

func (d duplicate) detail() string { return d.targets.String() + " " + d.share.String() }

func (d duplicate) check(f *forecast) error {
	for _, name := range d.targets.names {
		if _, err := f.node(name, nodeSymbols); err != nil {
			return err
		}
	}
	if s := d.targets.symbol; s.random() && s.size(len(f.nodes)) == 0 {
		return f.refuse(s.String(), "%d nodes have no %s", len(f.nodes), s)
	}
	return nil
}

func (d duplicate) carryOut(r *Runner) Action {
	chosen, err := []int(nil), fmt.Errorf("this system cannot suffer duplicate")
	if r.faults.Duplicates != nil {
		chosen, err = r.choose(d.targets, func(int) bool { return true })
	}
	if err == nil && len(chosen) == 0 {
		err = fmt.Errorf("no node is left for %s", d.targets)
	}
	if err != nil {
		r.note("duplicate", subjectOf("duplicate"), history.TextValue(d.detail()), err.Error())
		return nil
	}
	d.targets = targets{}
	for _, n := range chosen {
		d.targets.names = append(d.targets.names, r.nodes[n])
	}
	r.duplicateOnly(d.targets.names, d.share)
	r.note("duplicate", subjectOf("duplicate"), history.TextValue(d.detail()), "")
	return d
}

// duplicateOnly makes these the nodes to which attempts to connect come again.
func (r *Runner) duplicateOnly(nodes []string, p percent) {
	for _, name := range r.duplicated {
		if !(targets{names: nodes}).has(name) {
			r.faults.Duplicates.Duplicate(name, 0)
		}
	}
	for _, name := range nodes {
		r.faults.Duplicates.Duplicate(name, p.share())
	}
	r.duplicated = nodes
}

var duplicateFault = lasting{
	name:     "duplicate",
	suffered: func(f cluster.Faults) bool { return f.Duplicates != nil },
	in:       func(r *Runner) bool { return len(r.duplicated) > 0 },
	end: func(r *Runner) bool {
		r.duplicateOnly(nil, 0)
		return true
	},
}
