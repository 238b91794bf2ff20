package powerloss

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"faultline/cluster/disk"
	"faultline/cluster/guest"
	"faultline/cluster/sim"
	"faultline/internal/gotest"
)

// inDirectory is how a store is run that has real files: it lives in a guest of its own, and what losses of power leave is
// written to a directory here.
type inDirectory struct {
	t       *testing.T
	config  Config
	program string // the test, built with the overlay
	dir     string // for files
}

func newInDirectory(t *testing.T, c Config) (*inDirectory, error) {
	dir, err := inMemory(t)
	if err != nil {
		return nil, err
	}
	d := &inDirectory{t: t, config: c, program: filepath.Join(t.TempDir(), "guest.test"), dir: dir}
	return d, built(t.Context(), d.program)
}

// inMemory makes a directory, in memory where there is such a place: files are synced for real when the store is opened again.
func inMemory(t *testing.T) (string, error) {
	dir, err := os.MkdirTemp("/dev/shm", "faultline-powerloss-")
	if err != nil {
		return t.TempDir(), nil
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir, nil
}

// live runs a life on the only machine of a world.
func (d *inDirectory) live(l *life, w *workload) (err error) {
	synctest.Test(d.t, func(*testing.T) {
		g := &living{inDirectory: d, life: l, seed: w.seed}
		var c *sim.Cluster
		c, err = sim.New(sim.Config{Seed: l.drawn().Uint64(), Dir: filepath.Join(d.dir, "world"), Nodes: []string{"machine"},
			Hardware: sim.Hardware{FileSystem: l.system.String()}.WithDefaults(), Boot: g.boot, Guests: true})
		if err == nil {
			err = c.Start()
		}
		if err == nil {
			<-g.process.Exited()
			err = errors.Join(g.result(), c.Stop())
		}
	})
	return err
}

// living is a guest that lives a life. It is the program of its machine.
type living struct {
	*inDirectory
	life    *life
	seed    uint64
	process *guest.Process
	output  strings.Builder // what is not for us
	ended   bool
	failed  error
}

func (g *living) boot(p *sim.Process) (sim.Program, error) {
	if err := restore(p.Volume(), g.life.start); err != nil {
		return nil, fmt.Errorf("put on the disk what the last loss of power has left: %w", err)
	}
	g.life.watch(p.Volume().Disk())
	var err error
	g.process, err = guest.Start(p, guest.Command{Program: g.program, Dir: filepath.Join(g.dir, "machine"), Output: g,
		Args: []string{"-test.run=" + gotest.Pattern(g.t.Name()), "-test.timeout=0"},
		Env:  []string{task(g.seed, g.life.held+1, g.life.count)}}, nil)
	return g, err
}

// Write takes a line that the guest has printed.
func (g *living) Write(line []byte) (int, error) {
	ended, err := g.life.heard(string(line))
	g.ended, g.failed = g.ended || ended, errors.Join(g.failed, err)
	g.output.Write(line)
	return len(line), nil
}

// result says what has gone wrong.
func (g *living) result() error {
	if g.failed == nil && !g.ended {
		return fmt.Errorf("the process ended before its time. It printed\n%s", g.output.String())
	}
	return g.failed
}

// Role implements sim.Program.
func (g *living) Role() (string, uint64) { return "store", 0 }

// Stop implements sim.Program.
func (g *living) Stop() error { return g.process.Stop() }

// WriteBack implements sim.WritesBack.
func (g *living) WriteBack() { g.process.WriteBack() }

// restore puts on a volume what is on a disk, all of it durable.
func restore(v *disk.Volume, from *disk.Disk) error {
	for _, name := range from.Names() {
		dir, isDir := strings.CutSuffix(name, "/")
		if isDir {
			if err := errors.Join(v.Mkdir(dir), v.SyncDir(filepath.Dir(dir))); err != nil {
				return err
			}
			continue
		}
		b, err := from.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := v.Create(name)
		if err != nil {
			return err
		}
		if _, err := f.WriteAt(b, 0); err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), v.SyncDir(filepath.Dir(name)), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// reopen uses the store on the files of a disk, here.
func (d *inDirectory) reopen(left *disk.Disk, use func(Store) error) error {
	dir := filepath.Join(d.dir, "left")
	if err := left.Export(dir); err != nil {
		return err
	}
	s, err := d.config.InDirectory(dir)
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	if err := errors.Join(use(s), s.Close()); err != nil {
		return err
	}
	return left.Import(dir)
}
