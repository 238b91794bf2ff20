// Package description reads what a person says of a store that is a program of its own: how it is built, how a node of it is
// started, which client speaks to it and what it claims.
//
// A description is a TOML file (see Example). One that Parse returns can be used: its keys are known, its templates can be
// carried out, its patterns compile, and the paths in it are absolute. It is a value: it is copied into the spec of each run, as
// JSON, so that a run needs no file to be repeated. What it says of consistency models and of families of faults is for others
// to check.
package description

import (
	"time"

	"faultline/internal/strictjson"
)

// Description is a store. The zero value of a field that a file leaves out has the meaning that Example says.
type Description struct {
	Name  string `toml:"name" json:"name"`
	Doc   string `toml:"doc" json:"doc"`
	Nodes int    `toml:"nodes" json:"nodes"`

	Build  Build  `toml:"build" json:"build"`
	Node   Node   `toml:"node" json:"node"`
	Client Client `toml:"client" json:"client"`
	Modes  []Mode `toml:"mode" json:"modes"`
	Disk   Disk   `toml:"disk" json:"disk"`
	Log    Log    `toml:"log" json:"log"`
}

// Build says where the store's program comes from: Package, Path or Binary.
type Build struct {
	Package string            `toml:"package" json:"package,omitempty"` // an import path, of Version
	Version string            `toml:"version" json:"version,omitempty"` // a version, or a query such as latest or v3.5
	Require []string          `toml:"require" json:"require,omitempty"` // further modules, as module@version
	Replace map[string]string `toml:"replace" json:"replace,omitempty"` // modules by others: module@version, or a directory

	Path   string `toml:"path" json:"path,omitempty"`     // the directory of a main package, in a module of its own
	Binary string `toml:"binary" json:"binary,omitempty"` // a program that was built with the overlay

	Go   string   `toml:"go" json:"go,omitempty"`     // the oldest version of Go that will do
	Tags []string `toml:"tags" json:"tags,omitempty"` // build tags
}

// Node says how a node is started.
type Node struct {
	Args  []Template          `toml:"args" json:"args"`
	Env   map[string]Template `toml:"env" json:"env,omitempty"`
	Files map[string]Template `toml:"files" json:"files,omitempty"` // by their names in the node's directory
	Ready Ready               `toml:"ready" json:"ready"`
}

// Client says which client speaks to the store.
type Client struct {
	Kind    string            `toml:"kind" json:"kind"`
	Package string            `toml:"package" json:"package,omitempty"` // the directory of a client that does not come with Faultline
	Ops     []string          `toml:"ops" json:"ops,omitempty"`         // that such a client understands
	Port    int               `toml:"port" json:"port"`
	Timeout Duration          `toml:"timeout" json:"timeout"`
	Options map[string]string `toml:"options" json:"options,omitempty"`
}

// Mode is a way to run or to use the store. The fields that say what it claims are those of cluster.Mode.
type Mode struct {
	Name     string   `toml:"name" json:"name"`
	Doc      string   `toml:"doc" json:"doc"`
	Claims   string   `toml:"claims" json:"claims"`
	Model    string   `toml:"model" json:"model"`
	Keeps    []string `toml:"keeps" json:"keeps,omitempty"`
	Unless   string   `toml:"unless" json:"unless,omitempty"`
	BrokenBy []string `toml:"broken_by" json:"broken_by,omitempty"`

	Args   []Template          `toml:"args" json:"args,omitempty"` // after those of the node
	Env    map[string]Template `toml:"env" json:"env,omitempty"`
	Client map[string]string   `toml:"client" json:"client,omitempty"` // options, in place of those of the client
}

// Disk says which files hold what, as patterns of path.Match below the node's directory.
type Disk struct {
	Log      []string `toml:"log" json:"log,omitempty"`
	Snapshot []string `toml:"snapshot" json:"snapshot,omitempty"`
}

// Log says which lines of a node's log tell its role. What the group "term" of a pattern matches is the term.
type Log struct {
	Leader    Pattern `toml:"leader" json:"leader"`
	Follower  Pattern `toml:"follower" json:"follower"`
	Candidate Pattern `toml:"candidate" json:"candidate"`
	Term      Pattern `toml:"term" json:"term"` // a term alone, in whatever role
}

// UnmarshalJSON implements json.Unmarshaler. What was there before is gone: a description is read as a whole.
func (d *Description) UnmarshalJSON(b []byte) error {
	type plain Description
	var fresh plain
	err := strictjson.Unmarshal(b, &fresh)
	*d = Description(fresh)
	return err
}

// TellsLeader reports whether the description says how to find the leader.
func (l Log) TellsLeader() bool { return l.Leader.IsSet() }

// Mode returns the mode of that name. A description that was read has it if its kind of system has.
func (d Description) Mode(name string) Mode {
	for _, m := range d.Modes {
		if m.Name == name {
			return m
		}
	}
	return Mode{}
}

// Options are those of the client, and in their place those of a mode.
func (d Description) Options(m Mode) map[string]string {
	all := map[string]string{}
	for _, options := range []map[string]string{d.Client.Options, m.Client} {
		for name, value := range options {
			all[name] = value
		}
	}
	return all
}

// The defaults of a description.
const (
	defaultNodes   = 3
	defaultTimeout = time.Second
	defaultMode    = "default"
	defaultModel   = "linearizable"
)

// withDefaults fills in what a file leaves out.
func (d Description) withDefaults() Description {
	if d.Nodes == 0 {
		d.Nodes = defaultNodes
	}
	if d.Client.Timeout.Duration == 0 {
		d.Client.Timeout.Duration = defaultTimeout
	}
	if len(d.Modes) == 0 {
		d.Modes = []Mode{{Name: defaultMode, Doc: "as it is started"}}
	}
	for i := range d.Modes {
		m := &d.Modes[i]
		if m.Model == "" {
			m.Model = defaultModel
		}
		if m.Claims == "" {
			m.Claims = m.Model
		}
	}
	return d
}
