package powerloss

import (
	"errors"
	"strings"
	"testing"

	"faultline/cluster/disk"
)

func TestAStoreThatKeepsItsPromises(t *testing.T) {
	Test(t, Config{OnVolume: openJournal("")})
}

// Each bug is found within a hundred losses, and called by its name.
func TestBugsAreFound(t *testing.T) {
	for bug, says := range map[string]string{
		noSync:    "which it had acknowledged, ",
		piecemeal: "the store is in no state that there was: serial is ",
		noCut:     "opened once more after transaction ",
		unordered: " is read before ",
	} {
		t.Run(bug, func(t *testing.T) {
			_, failure := Run(t, Config{OnVolume: openJournal(bug), Losses: 100})
			if failure == nil || !strings.Contains(failure.Error(), says) {
				t.Errorf("%v\nshould say %q", failure, says)
			}
		})
	}
}

// A failure says when the power went, what was acknowledged, what was found, and how to see it again; and that is true.
func TestAFailureIsRepeated(t *testing.T) {
	c := Config{OnVolume: openJournal(noSync), FileSystems: []disk.FileSystem{disk.Lazy}, Seed: 7}
	_, failure := Run(t, c)
	const want = `powerloss: loss 4 of power breaks the store, on lazy: the store is as it was after transaction 0: 1, which it had acknowledged, is lost
The power went after change 4 of life 1, which began with an empty disk.
The latest transaction that was acknowledged was 1; 2 was under way. The changes before:
         1  create log
         2  sync .
         3  write 40689 bytes at 0 of log
         4  write 1739 bytes at 40689 of log
again   FAULTLINE_SEED=7 go test faultline/powerloss -run '^TestAFailureIsRepeated$'
`
	if failure.Error() != want {
		t.Errorf("%s\nshould be\n%s", failure, want)
	}
	t.Setenv("FAULTLINE_SEED", "7")
	c.Seed = 1
	if _, again := Run(t, c); again.Error() != failure.Error() {
		t.Errorf("%s\nis repeated as\n%s", failure, again)
	}
}

// A store that fails without any loss of power is no good either.
func TestAStoreThatFails(t *testing.T) {
	_, failure := Run(t, Config{OnVolume: func(*disk.Volume) (Store, error) { return nil, errors.New("it is a holiday") }})
	if want := "powerloss: the store fails in life 1, on unordered: open the store: it is a holiday"; !strings.HasPrefix(failure.Error(), want) {
		t.Errorf("%v\nshould begin with\n%s", failure, want)
	}
}

// A store that panics is described as one that fails.
func TestAStoreThatPanics(t *testing.T) {
	lives := 0
	_, failure := Run(t, Config{OnVolume: func(v *disk.Volume) (Store, error) {
		if lives++; lives > 3 {
			panic("page 4 is missing")
		}
		return openJournal("")(v)
	}})
	if failure == nil || failure.Loss != 2 || failure.Why != "the store panics: page 4 is missing" || !strings.Contains(failure.Error(), "powerloss_test.go:") {
		t.Errorf("%v", failure)
	}
}

// The states of a workload are all different, and each is made of the one before.
func TestStates(t *testing.T) {
	w := newWorkload(1)
	for n := 1; n < 100; n++ {
		pairs := []Pair{}
		for key, value := range w.state(n) {
			pairs = append(pairs, Pair{key, value})
		}
		if differ(pairs, w.state(n), n) != nil || differ(pairs, w.state(n-1), n-1) == nil || differ(pairs, w.state(n+1), n+1) == nil {
			t.Errorf("state %d is not what it should be", n)
		}
	}
}
