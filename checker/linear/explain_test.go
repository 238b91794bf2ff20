package linear

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// What goes wrong in a history as long as a campaign's is explained by at most ten operations, which
// porcupine finds invalid by themselves.
func TestExplanationsOfLongHistoriesAreSmall(t *testing.T) {
	invalid := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 9))
		ops := hotKeys(5, 10, 4_000, int(seed%6))
		for broken := 0; broken < 1; {
			op := &ops[rng.IntN(len(ops))]
			earlier := ops[rng.IntN(len(ops))]
			switch {
			case op.Outcome != history.OK || earlier.Key != op.Key || earlier.F == "read":
				continue
			case op.F == "read" && earlier.F == "write": // it saw what was overwritten, or not yet there
				op.Output = earlier.Input
			case op.F == "write" && seed%3 == 0: // it was lost
				op.Outcome = history.Fail
				op.Answered("", "lost")
			case op.F == "cas" && earlier.F == "write" && seed%3 == 1: // it found another value than it says
				_, next, _ := op.Input.Pair()
				expected, _ := earlier.Input.Int()
				op.Input = history.PairValue(expected, next)
			default:
				continue
			}
			broken++
		}
		part := Linearizable(CASRegister(), ops, checker.Options{Timeout: 10 * time.Second})
		if part.Validity != checker.Invalid {
			continue // nobody saw it
		}
		invalid++
		e := part.Findings[0]
		if len(e.Operations) == 0 {
			t.Fatalf("seed %d: no explanation: %s", seed, part.Reason)
		}
		if len(e.Operations) > 10 {
			t.Errorf("seed %d: %s\n%s", seed, e.Sentence, e.Picture)
		}
		q := Counterexamples(CASRegister(), ops, part, 0, checker.Options{})[0].object.asQuestion(newClock(time.Minute), checker.DefaultMemory)
		if q.porcupineSays() != checker.Invalid {
			t.Errorf("seed %d: porcupine finds an order of\n%s", seed, e.Picture)
		}
	}
	if invalid < 75 {
		t.Errorf("only %d histories were invalid", invalid)
	}
}

func explained(t *testing.T, script string) checker.Finding {
	t.Helper()
	events, err := parseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	part := Linearizable(CASRegister(), ops, checker.Options{})
	return part.Findings[0]
}

func TestPictureAndSentence(t *testing.T) {
	e := explained(t, `0 invoke write x 1
0 ok write x 1
1 invoke write x 2
3 invoke write x 4
1 ok write x 2
7 invoke read x
7 ok read x 1`)
	const sentence = "stale read: process 7 read x = 1, 1 ms after process 1's write of 2 had returned"
	const picture = `process 0  write 1   |--|
process 1  write 2         |--|
process 7  read → 1              |--|
`
	if e.String() != sentence || e.Picture != picture || len(e.Operations) != 3 {
		t.Errorf("%s\n%s%v", e, e.Picture, e.Operations)
	}
}

// A chain of cas is told from the value on that matters, however long it is.
func TestAChainIsCut(t *testing.T) {
	script := "0 invoke write x 1\n0 ok write x 1\n"
	for n := 1; n < 30; n++ {
		script += fmt.Sprintf("0 invoke cas x [%d,%d]\n0 ok cas x [%d,%d]\n", n, n+1, n, n+1)
	}
	e := explained(t, script+"7 invoke read x\n7 ok read x 29")
	const sentence = "stale read: process 7 read x = 29, 1 ms after process 0's cas 29 → 30 had returned"
	const picture = `process 0  cas … → 29   |--|
process 0  cas 29 → 30        |--|
process 7  read → 29                |--|
`
	if e.String() != sentence || e.Picture != picture {
		t.Errorf("%s\n%s", e, e.Picture)
	}
}
