package guest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster/guest"
	"faultline/cluster/scheduler"
	"faultline/cluster/sim"
)

// TestScripts shows what programs see of the world that they live in. A script begins with the commands of the nodes, which are
// those of testdata/program:
//
//	n1 echo :80
//	n1 with delays of 1ms at 1 of 4 calls      or locks
//
// Each further line is a step, and the world ends at the last one:
//
//	after 2s              virtual time passes
//	crash n1              or power-loss, restart, pause, resume
//	crash-at n1 synced
//	clock n1 5m           its wall clock jumps
//	break n1 full         its disk is bad, see cluster.DiskFault; mend n1 full
//	disk n1               shows its files as its disk has them
//
// What the programs print follows, and how they die.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			return runScript(t, strings.Split(strings.TrimSpace(d.Input), "\n"))
		})
	})
}

func runScript(t *testing.T, script []string) (out string) {
	commands := map[string]guest.Command{}
	for len(script) > 0 && strings.HasPrefix(script[0], "n") {
		words := strings.Fields(script[0])
		c := commands[words[0]]
		if words[1] == "with" {
			delay(t, &c, words)
		} else {
			c.Args = words[1:]
		}
		commands[words[0]], script = c, script[1:]
	}
	inLab(t, 1, sim.Hardware{FileSystem: "lazy"}, commands, func(l *lab) {
		for _, step := range script {
			l.check(l.do(step))
		}
		out = l.taken()
	})
	return out
}

// delay reads "n1 with delays of 1ms at 1 of 4 calls".
func delay(t *testing.T, c *guest.Command, words []string) {
	most, err := time.ParseDuration(words[4])
	if err != nil {
		t.Fatal(err)
	}
	j := scheduler.Jitter{One: uint32(words[8][0] - '0'), Most: most}
	if words[9] == "locks" {
		c.Locks = j
	} else {
		c.Calls = j
	}
}
