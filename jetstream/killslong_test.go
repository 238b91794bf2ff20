//go:build long

package jetstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"
	"time"
)

const (
	seeds    = 2000
	kills    = 20 // of workers and coordinators
	restarts = 3  // of the server: two of them by kill -9
)

// Three workers, a coordinator and a server, killed again and again: every seed has one line, and it is that of a campaign in one process.
func TestKills(t *testing.T) {
	c := newCluster(t)
	args := []string{"run", "--read", "leader", "--test-count", fmt.Sprint(seeds), "--time-limit", "4s", "--nemesis-interval", "1s", "--rate", "100"}
	local := exec.Command(c.program, append(args, "--name", "local", "--workers", "2")...)
	local.Dir = c.dir
	_ = local.Run() // some of the runs are invalid, as they should be
	want := c.lines("local")

	c.begin(append(args, "--name", "nats")...)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range kills + restarts {
		time.Sleep(time.Duration(2000+random.IntN(3000)) * time.Millisecond)
		if i%(kills/restarts) == 3 {
			c.server.end([]syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[i%2])
			time.Sleep(time.Duration(random.IntN(2000)) * time.Millisecond)
			c.server.start()
			continue
		}
		if who := random.IntN(len(c.workers) + 1); who < len(c.workers) {
			c.kill(c.workers[who])
			c.workers[who] = c.worker(who)
		} else {
			c.kill(c.coordinator)
			c.begin("run", "--resume", "nats")
		}
		t.Logf("after %d events: %d of %d lines", i+1, len(c.lines("nats")), seeds)
	}
	if err := c.coordinator.Wait(); c.coordinator.ProcessState.ExitCode() != 1 {
		t.Errorf("the campaign ended with %v", err)
	}
	got := c.lines("nats")
	if len(want) != seeds || len(got) != seeds {
		t.Fatalf("%d lines, and %d of the campaign in one process", len(got), len(want))
	}
	for seed, line := range want {
		if !reflect.DeepEqual(got[seed], line) {
			t.Errorf("seed %v:\n%v, in one process\n%v", seed, got[seed], line)
		}
	}
	if _, err := os.Stat(filepath.Join(c.dir, "results/runs/nats/different.jsonl")); err == nil {
		t.Error("a replay was not exact")
	}
}

// cluster is what takes part in a campaign, each in a process of its own.
type cluster struct {
	t           *testing.T
	dir         string
	program     string
	server      *natsServer
	workers     []*exec.Cmd
	coordinator *exec.Cmd
}

func newCluster(t *testing.T) *cluster {
	c := &cluster{t: t, dir: t.TempDir(), program: faultline(programs(t)), server: newServer(t)}
	for i := range 3 {
		c.workers = append(c.workers, c.worker(i))
	}
	t.Cleanup(func() {
		for _, w := range c.workers {
			c.kill(w)
		}
		c.kill(c.coordinator)
	})
	return c
}

// worker starts a worker, which is started again until there is a server.
func (c *cluster) worker(n int) *exec.Cmd {
	return c.start("worker", "--workers", "1", "--name", fmt.Sprintf("w%d", n))
}

// begin starts a coordinator.
func (c *cluster) begin(args ...string) { c.coordinator = c.start(args...) }

func (c *cluster) start(args ...string) *exec.Cmd {
	cmd := exec.Command(c.program, append(args, "--nats", c.server.url)...)
	cmd.Dir = c.dir
	log, err := os.OpenFile(filepath.Join(c.dir, args[0]+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	return cmd
}

// kill kills a process at once.
func (c *cluster) kill(cmd *exec.Cmd) {
	if cmd != nil && cmd.ProcessState == nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// lines are those of a campaign by seed, without what differs from run to run.
func (c *cluster) lines(name string) map[any]map[string]any {
	b, _ := os.ReadFile(filepath.Join(c.dir, "results/runs", name, "campaign.jsonl")) // it may be still to come
	all := map[any]map[string]any{}
	for line := range bytes.Lines(b) {
		var l map[string]any
		if err := json.Unmarshal(line, &l); err != nil {
			continue // it is being written
		}
		delete(l, "wall_ns")
		delete(l, "dir")
		if all[l["seed"]] != nil {
			c.t.Fatalf("seed %v has two lines", l["seed"])
		}
		all[l["seed"]] = l
	}
	return all
}
