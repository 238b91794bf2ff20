package foreign

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign/description"
	"faultline/cluster/sim"
	"faultline/internal/strictjson"
)

const store = `
name = "mystore"
build = { path = "./cmd" }
[node]
args = ["--peers={{.Peers.Join \",\" \"$NAME:1\"}}", "--dir={{.Dir}}"]
env = { A = "1", B = "{{.Index}}" }
files = { "x.conf" = "{{.Mode}}" }
[client]
kind = "http"
port = 80
options = { read = "GET /{{.Key}}", write = "PUT /{{.Key}}" }
[[mode]]
name = "strong"
[[mode]]
name = "weak"
model = "eventual"
args = ["--weak"]
env = { A = "2" }
client = { read = "GET /weak/{{.Key}}" }
[log]
leader = 'leads (?P<term>\d+)'
follower = 'follows (?P<term>\d+)'
term = 'term (?P<term>\d+)'
`

// described writes a description and returns its file.
func described(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mystore.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func kindOf(t *testing.T, name string) cluster.Kind {
	t.Helper()
	k, found, err := Describer{}.Find(name)
	if err != nil || !found {
		t.Fatalf("%s: found %v, %v", name, found, err)
	}
	return k
}

func TestAKindFromAFile(t *testing.T) {
	file := described(t, store)
	k := kindOf(t, file)
	if k.Name != "mystore" || k.Argument != file || k.Nodes != 3 || len(k.Modes) != 2 || k.Modes[1].Model != "eventual" {
		t.Errorf("%+v", k)
	}
	if !slices.Equal(k.Ops, []string{"read", "write"}) {
		t.Errorf("the client understands what it has options for, and not %v", k.Ops)
	}
	if !slices.Contains(k.Suffers, cluster.SuffersLeadership) {
		t.Error("its log tells who leads")
	}
}

// A version that is not the one of the description takes its place, and is a part of what the system is called.
func TestAVersion(t *testing.T) {
	for _, name := range description.Names() {
		usual, _ := description.BuiltIn(name)
		k := kindOf(t, name+"@v1.2.3")
		if c := k.Config().(*Config); k.Argument != name+"@v1.2.3" || c.Description.Build.Version != "v1.2.3" {
			t.Errorf("%s: %s of %s", name, c.Description.Build.Version, k.Argument)
		}
		if k := kindOf(t, name+"@"+usual.Build.Version); k.Argument != name {
			t.Errorf("the usual version of %s is called %s", name, k.Argument)
		}
	}
	if _, found, _ := (Describer{}).Find("mystore@v1"); found {
		t.Error("nobody knows the module of mystore")
	}
}

// A config that was stored describes its system by itself, wherever the file is now.
func TestAStoredConfig(t *testing.T) {
	file := described(t, store)
	before := kindOf(t, file).Config().(*Config)
	b, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	after := &Config{}
	if err := strictjson.Unmarshal(b, after); err != nil || !reflect.DeepEqual(before, after) { // as specs are read
		t.Fatalf("%v\nstored %+v\n  read %+v", err, before, after)
	}
	if k, err := after.Kind(); err != nil || k.Name != "mystore" {
		t.Errorf("%+v, %v", k, err)
	}
}

// What a world is told is the same on every machine.
func TestAPortableConfig(t *testing.T) {
	var texts []string
	for range 2 {
		c := kindOf(t, described(t, store)).Config().(*Config) // in another directory
		c.Programs.Digest = t.TempDir()
		b, err := json.Marshal(c.Portable())
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	if texts[0] != texts[1] {
		t.Errorf("%s\n%s", texts[0], texts[1])
	}
}

func TestWhatANodeIsStartedWith(t *testing.T) {
	c := kindOf(t, described(t, store)).Config().(*Config)
	opened, err := open(cluster.Env{Nodes: 3, Mode: "weak", Config: c, Dir: "."})
	if err != nil {
		t.Fatal(err)
	}
	command, err := opened.(*system).command("n2", "n2")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"--peers=n1:1,n3:1", "--dir=data", "--weak"}; !slices.Equal(command.Args, want) {
		t.Errorf("arguments %q, and not %q", command.Args, want)
	}
	if want := []string{"A=2", "B=2"}; !slices.Equal(command.Env, want) {
		t.Errorf("environment %q, and not %q", command.Env, want)
	}
	if command.Files["x.conf"] != "weak" || command.Program != "../programs/store" {
		t.Errorf("%+v", command)
	}
	target := opened.(*system).target(7, "n2")
	if want := []string{"n2:80", "n3:80", "n1:80"}; !slices.Equal(target.Endpoints, want) || target.Options["read"] != "GET /weak/{{.Key}}" {
		t.Errorf("%+v", target)
	}
}

// Lines of the log tell roles. A term without a role leaves the role.
func TestRoles(t *testing.T) {
	d, err := description.Parse("mystore.toml", "/", []byte(store))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var r *roles
		c, err := sim.New(sim.Config{Dir: t.TempDir(), Nodes: []string{"n1"}, Boot: func(p *sim.Process) (sim.Program, error) {
			r = newRoles(d.Log, p)
			return &idle{r}, nil
		}})
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, line := range []string{"hello", "follows 1", "term 2", "leads 3", "leads nothing", "term 4"} {
			r.heard([]byte(line))
			role, term := r.current()
			told = append(told, role+" "+string('0'+rune(term)))
		}
		if got, want := strings.Join(told, ", "), "starting member 0, follower 1, follower 2, leader 3, leader 3, leader 4"; got != want {
			t.Errorf("%s, and not %s", got, want)
		}
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
		var track []string
		for _, change := range c.Report().Track {
			track = append(track, change.Role)
		}
		if want := []string{"starting member", "follower", "follower", "leader", "leader"}; !slices.Equal(track, want) {
			t.Errorf("the report has %q, and not %q", track, want)
		}
	})
}

// idle is a program that only has a role.
type idle struct{ roles *roles }

func (i *idle) Role() (string, uint64) { return i.roles.current() }
func (*idle) Stop() error              { return nil }

// A program without the client says so, and is no world in which nobody is served.
func TestWithoutItsClient(t *testing.T) {
	c := kindOf(t, described(t, store)).Config().(*Config)
	opened, err := open(cluster.Env{Nodes: 1, Mode: "strong", Config: c, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	const want = "this program is not linked with the client http: it cannot be the process of a world of mystore"
	if err := opened.Start(); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// What was set in a config is no default of its kind: a command that is printed to repeat a run names it.
func TestSettingsAreNoDefaults(t *testing.T) {
	k := kindOf(t, described(t, store))
	changed := k.Config().(*Config)
	changed.FileSystem, changed.Most = "lazy", time.Millisecond
	again, err := changed.Kind()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Config(), k.Config()) {
		t.Errorf("%+v, and of the description alone %+v", again.Config(), k.Config())
	}
}

func TestLockDelay(t *testing.T) {
	for _, c := range []struct {
		LockDelay
		one   uint32
		valid bool
	}{
		{LockDelay{}, 0, true},
		{LockDelay{Most: time.Second}, 0, true},
		{LockDelay{Share: 0.01}, 0, true},
		{LockDelay{Most: time.Second, Share: 0.01}, 100, true},
		{LockDelay{Most: time.Second, Share: 1}, 1, true},
		{LockDelay{Most: -time.Second, Share: 1}, 1, false},
		{LockDelay{Most: time.Minute, Share: 1}, 1, false},
		{LockDelay{Most: time.Second, Share: 2}, 1, false},
	} {
		err := c.validate()
		if (err == nil) != c.valid || c.valid && c.jitter().One != c.one {
			t.Errorf("%+v: one of %d, %v", c.LockDelay, c.jitter().One, err)
		}
	}
}
