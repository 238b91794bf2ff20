package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"faultline/campaign/gallery"
	"faultline/campaign/trial"
	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

const (
	// canaryFrom is how many runs make a campaign whose silence should mean something.
	canaryFrom = 100
	// runsPerTry is for how many seeds of a campaign a canary gets one, and mostTries how many it gets at most. One is nearly always enough;
	// where runs are short it may take more.
	runsPerTry = 20
	mostTries  = 50
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

// canaries are the bugs that nearly every run of a spec finds. A bug that needs a certain mode, certain operations or a workload that shows
// it is a canary only there. There is none where weaker models are asked for than the mode is meant to keep: they may permit what bugs do.
func canaries(s world.Spec) []string {
	kind, _ := s.Kind() // a plan is valid
	mode, _ := kind.Mode(s.Mode)
	if models := s.Options.ConsistencyModels; len(models) > 0 && !slices.Contains(models, mode.Model) {
		return nil
	}
	workload, _ := workloads.ByName(s.Workload)
	var names []string
	for _, b := range kind.Bugs {
		if b.CanaryOf(s.Workload) && b.ActsOn(workload.Ops) && (b.Mode == "" || b.Mode == s.Mode) {
			names = append(names, b.Name)
		}
	}
	return names
}

// stage is the spec of runs with a canary. They have the usual faults too, as far as the mode withstands them: some bugs show only when a node
// is gone.
func (p Plan) stage() world.Spec {
	s := p.Spec
	kind, _ := s.Kind()
	mode, _ := kind.Mode(s.Mode)
	usual := slices.DeleteFunc(s.Subject().Bears(nemesis.Usual...), func(family string) bool { return slices.Contains(mode.BrokenBy, family) })
	s.Nemesis = nemesis.Union(s.Nemesis, usual)
	s.Seed += uint64(p.Count)
	return s
}

// tries is how many seeds the canary gets.
func (p Plan) tries() int { return min(p.Count/runsPerTry, mostTries) }

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
	h := gallery.Hunt{Spec: c.plan.stage(), Count: c.plan.tries(), Pool: trial.Pool{Runner: c.pool.Runner, Workers: 1}}
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
