package foreign

import (
	"context"
	"errors"
	"fmt"
	"io"

	"faultline/cluster"
	"faultline/cluster/foreign/build"
	"faultline/cluster/foreign/description"
	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// Kind implements cluster.Described.
func (c *Config) Kind() (cluster.Kind, error) {
	d := c.Description
	if d.Name == "" {
		return cluster.Kind{}, errors.New("the config has no description of a system")
	}
	client, err := clientKindOf(d)
	if err != nil {
		return cluster.Kind{}, fmt.Errorf("%s: client.kind: %w", d.Name, err)
	}
	understood, err := client.operations(d)
	if err != nil {
		return cluster.Kind{}, fmt.Errorf("%s: client.options: %w", d.Name, err)
	}
	return cluster.Kind{
		Name: d.Name, Doc: d.Doc, Nodes: d.Nodes, Argument: c.argument(),
		Modes:   c.modes(),
		Ops:     understood,
		Suffers: c.suffers(), CrashPoints: guest.CrashPoints(),
		Errors: clientErrors,
		Parts:  partNames(d.Disk),
		Config: func() cluster.Config {
			fresh := configOf(d, c.Source)
			fresh.Programs = c.Programs
			return fresh
		},
		Open:     func(env cluster.Env) (cluster.System, error) { return open(env) },
		Probe:    probing(understood),
		Build:    makePrograms,
		Programs: func(c cluster.Config) (string, error) { return build.Find(c.(*Config).Programs) },
	}, nil
}

// argument is what chooses this kind on a command line.
func (c *Config) argument() string {
	d := c.Description
	known, ok := description.BuiltIn(d.Name)
	switch {
	case c.Source != "":
		return c.Source
	case ok && known.Build.Version != d.Build.Version && d.Build.Version != "":
		return d.Name + "@" + d.Build.Version
	default:
		return d.Name
	}
}

func (c *Config) modes() []cluster.Mode {
	var modes []cluster.Mode
	for _, m := range c.Description.Modes {
		modes = append(modes, cluster.Mode{Name: m.Name, Doc: m.Doc, Claims: m.Claims, Model: m.Model, Keeps: m.Keeps, Unless: m.Unless, BrokenBy: m.BrokenBy})
	}
	return modes
}

// suffers is what every machine suffers, and faults that aim at the leader if the leader is known.
func (c *Config) suffers() []cluster.Fault {
	all := sim.Suffers()
	if c.Description.Log.TellsLeader() {
		all = append(all, cluster.SuffersLeadership)
	}
	return all
}

// makePrograms builds what a config describes.
func makePrograms(ctx context.Context, config cluster.Config, progress io.Writer) (cluster.Config, error) {
	c := *config.(*Config)
	client, err := clientKindOf(c.Description)
	if err != nil {
		return nil, err
	}
	builder, err := build.New(progress)
	if err != nil {
		return nil, err
	}
	own := len(c.Description.Client.Ops) > 0
	c.Programs, err = builder.Build(ctx, build.Plan{Name: c.Description.Name, Store: c.Description.Build, Client: client.Package, Own: own, Inside: c.inside()})
	if err != nil {
		return nil, err
	}
	c.Description.Build.Version = c.Programs.Version
	return &c, nil
}
