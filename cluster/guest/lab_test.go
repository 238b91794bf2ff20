package guest_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// lab is a world in which guests run, each on the node of its name.
type lab struct {
	*sim.Cluster
	t        *testing.T
	commands map[string]guest.Command
	disks    map[string]*disk.Disk

	mu  sync.Mutex
	out bytes.Buffer
}

// node is the program of a machine.
type node struct {
	*guest.Process
	machine *sim.Process
}

// Role implements sim.Program.
func (node) Role() (role string, term uint64) { return "up", 0 }

// inLab calls f in a world with nodes that run these commands.
func inLab(t *testing.T, seed uint64, hardware sim.Hardware, commands map[string]guest.Command, f func(*lab)) {
	t.Helper()
	file, dir := program(t), t.TempDir()
	var names []string
	for i := range len(commands) {
		names = append(names, fmt.Sprintf("n%d", i+1))
	}
	synctest.Test(t, func(t *testing.T) {
		l := &lab{t: t, commands: commands, disks: map[string]*disk.Disk{}}
		var err error
		l.Cluster, err = sim.New(sim.Config{Seed: seed, Dir: dir, Nodes: names, Hardware: hardware,
			CrashPoints: guest.CrashPoints(),
			Boot: func(p *sim.Process) (sim.Program, error) {
				c := l.commands[p.Node()]
				c.Program, c.Dir, c.Output = file, filepath.Join(dir, p.Node()), l.output(p)
				g, err := guest.Start(p, c, p.Others())
				if err != nil {
					return nil, err
				}
				l.disks[p.Node()] = p.Volume().Disk()
				return node{g, p}, nil
			}})
		l.check(err)
		l.OnDeath(func(d cluster.Death) { l.say("%s dies: %s\n", d.Node, d.Detail) })
		defer func() {
			_ = l.Stop()
			time.Sleep(time.Minute) // what waits for a disk or a peer gives up
		}()
		l.check(l.Start())
		f(l)
	})
}

func (l *lab) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.out, format, args...)
}

// taken is what was said since it was last asked for.
func (l *lab) taken() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.out.Reset()
	return l.out.String()
}

// output is who hears what a process prints.
func (l *lab) output(p *sim.Process) lines {
	return lines(func(line string) { l.say("%s: %s", p.Node(), line) })
}

type lines func(string)

func (f lines) Write(b []byte) (int, error) {
	f(string(b))
	return len(b), nil
}

// do does a step of a script.
func (l *lab) do(step string) error {
	words := strings.Fields(step)
	argument := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	name := argument(1)
	switch words[0] {
	case "after":
		d, err := time.ParseDuration(name)
		time.Sleep(d)
		return err
	case "crash":
		return l.Crash(name)
	case "power-loss":
		return l.PowerLoss(name)
	case "restart":
		return l.Restart(name)
	case "pause":
		return l.Pause(name)
	case "resume":
		return l.Resume(name)
	case "clock":
		d, err := time.ParseDuration(argument(2))
		if err != nil {
			return err
		}
		return l.Jump(name, d)
	case "break":
		return l.BreakDisk(name, cluster.DiskFault(argument(2)))
	case "mend":
		return l.MendDisk(name, cluster.DiskFault(argument(2)))
	case "crash-at":
		return l.CrashAt(name, argument(2))
	case "disk":
		l.say("%s's disk:\n%s", name, l.tree(name))
		return nil
	}
	return fmt.Errorf("there is no step %q", step)
}

// tree lists the files of a node as its disk has them.
func (l *lab) tree(name string) string {
	var b strings.Builder
	d := l.disks[name]
	for _, file := range d.Names() {
		if strings.HasSuffix(file, "/") {
			fmt.Fprintln(&b, file)
			continue
		}
		text, err := d.ReadFile(file)
		l.check(err)
		fmt.Fprintf(&b, "%s %d %.4x\n", file, len(text), sha256.Sum256(text))
	}
	return b.String()
}
