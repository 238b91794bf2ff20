package powerloss

import (
	"errors"
	"math/rand/v2"
	"testing"

	"faultline/cluster/disk"
	"faultline/internal/gotest"
)

// Test cuts the power of a store as often as the config says, and fails at the first loss after which the store is not what it
// promised to be.
func Test(t *testing.T, c Config) {
	t.Helper()
	s, failure := Run(t, c)
	if failure != nil {
		t.Fatal(failure)
	}
	t.Log(s)
}

// Run is Test for those who want to know: it returns what was done, and the first failure, nil if there is none. The
// test fails only if nothing could be tested.
func Run(t *testing.T, c Config) (Summary, *Failure) {
	t.Helper()
	c = c.withDefaults()
	if c.InDirectory != nil {
		liveAsGuest(c) // which does not return in a guest
	}
	seed, asked, err := gotest.Seed()
	if asked {
		c.Seed = seed
	}
	if err == nil && (c.OnVolume == nil) == (c.InDirectory == nil) {
		err = errors.New("give one of OnVolume and InDirectory")
	}
	var r runner
	if err == nil {
		r, err = c.runner(t)
	}
	if err != nil {
		t.Fatalf("powerloss: %v", err)
	}
	run := run{test: t.Name(), config: c, runner: r, workload: newWorkload(c.Seed), draw: rand.New(rand.NewPCG(c.Seed, 0)),
		next: map[disk.FileSystem]start{}}
	for run.summary.Losses < c.Losses {
		if failure := run.life(); failure != nil {
			return run.summary, failure
		}
	}
	return run.summary, nil
}

// runner runs a store in one of the two ways.
type runner interface {
	// live runs a life. It is an error if the store fails by itself.
	live(*life, *workload) error
	// reopen opens the store on a disk, which it may change, uses it, and closes it.
	reopen(*disk.Disk, func(Store) error) error
}

func (c Config) runner(t *testing.T) (runner, error) {
	if c.OnVolume != nil {
		return onVolume{c.OnVolume}, nil
	}
	return newInDirectory(t, c)
}

// run is a sequence of lives.
type run struct {
	test     string
	config   Config
	runner   runner
	workload *workload
	draw     *rand.Rand
	summary  Summary
	next     map[disk.FileSystem]start
}

// start is what the next life begins with: what a loss of power left, and after how many transactions the store is there.
type start struct {
	left *disk.Disk
	held int
}

// afresh is one of how many lives begin with an empty disk.
const afresh = 4

// life runs one life, and examines what each loss of power leaves.
func (r *run) life() *Failure {
	system := r.config.FileSystems[r.summary.Lives%len(r.config.FileSystems)]
	from, ok := r.next[system]
	if !ok || r.draw.IntN(afresh) == 0 {
		from = start{left: emptyDisk()}
	}
	r.summary.Lives++
	l := &life{number: r.summary.Lives, system: system, start: from.left, held: from.held, count: r.config.Transactions,
		draw: rand.New(rand.NewPCG(r.draw.Uint64(), r.draw.Uint64())), begun: from.held, acknowledged: from.held}
	if err := r.runner.live(l, r.workload); err != nil {
		return r.failure(l, nil, err)
	}
	r.summary.Changes += len(l.changes)
	chosen := r.draw.IntN(max(1, len(l.losses)))
	for i, loss := range l.losses {
		if r.summary.Losses == r.config.Losses {
			break
		}
		r.summary.Losses++
		found, err := r.examine(loss)
		if err != nil {
			return r.failure(l, &loss, err)
		}
		if i == chosen {
			r.next[system] = start{left: loss.left, held: found}
		}
	}
	return nil
}
