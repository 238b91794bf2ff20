package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"faultline/campaign/gallery"
	"faultline/campaign/trial"
	"faultline/workloads"
	"faultline/world"
)

const (
	// canaryFrom is how many runs make a campaign whose silence should mean something.
	canaryFrom = 100
	// canaryTries is how many seeds a canary gets. One is nearly always enough.
	canaryTries = 5
)

// canary says which bug is planted in an additional run, if one is. A campaign that already has a planted bug
// needs no other.
func (p Plan) canary() (bug string, planted bool) {
	if p.Count < canaryFrom || p.Spec.Bug != "" {
		return "", false
	}
	names := canaries(p.Spec)
	if len(names) == 0 {
		return "", false
	}
	return names[p.Spec.Seed%uint64(len(names))], true
}

// canaries are the bugs that nearly every run of a spec finds. A bug that needs a certain mode or certain operations is a canary
// only there.
func canaries(s world.Spec) []string {
	kind, _ := s.Kind() // a plan is valid
	workload, _ := workloads.ByName(s.Workload)
	var names []string
	for _, b := range kind.Bugs {
		if b.Canary && (b.Mode == "" || b.Mode == s.Mode) && b.ActsOn(workload.Ops) {
			names = append(names, b.Name)
		}
	}
	return names
}

// sing looks for the canary, with seeds behind those of the plan, and keeps what came of it. A campaign that
// is resumed does not look again. It returns nil if there is no canary in the plan.
func (c *Campaign) sing(ctx context.Context) (*gallery.Catch, error) {
	bug, planted := c.plan.canary()
	if !planted {
		return nil, nil
	}
	found := &gallery.Catch{}
	switch err := c.dir.Canary(found); {
	case err == nil:
		return found, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	h := gallery.Hunt{Spec: c.plan.Spec, Schedule: c.plan.Schedule, Count: canaryTries, Pool: trial.Pool{Runner: c.pool.Runner, Workers: 1}}
	h.Spec.Seed += uint64(c.plan.Count)
	found, err := h.Seek(ctx, bug)
	if err != nil {
		return nil, fmt.Errorf("the canary: %w", err)
	}
	return found, c.dir.WriteCanary(found)
}

// CanaryNote says in words what became of the canary; empty if none was planted, or it was not looked for yet.
func (o *Outcome) CanaryNote() string {
	switch {
	case o.Canary == nil:
		return ""
	case o.Canary.Found:
		return fmt.Sprintf("found: the planted bug %s, by seed %d", o.Canary.Bug, o.Canary.Seed)
	default:
		return fmt.Sprintf("NOT FOUND: the planted bug %s escaped %d runs, so that the silence of the others means nothing",
			o.Canary.Bug, o.Canary.Runs)
	}
}
