package nemesis

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/history"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// TestRun shows what a schedule does to a system and to the history, and what it resolves to. The first
// node that is running leads.
func TestRun(t *testing.T) {
	datadriven.RunTest(t, "testdata/run", func(t *testing.T, d *datadriven.TestData) (out string) {
		s, err := Parse(d.Input)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			var seed uint64
			count := 5
			d.MaybeScanArgs(t, "nodes", &count)
			d.MaybeScanArgs(t, "seed", &seed)
			f := newFake(names(count))
			f.leading, f.late = !d.HasArg("no-leader"), d.HasArg("late")
			d.MaybeScanArgs(t, "stuck", &f.stuck)
			out = run(t, d, f, seed, s)
		})
		return out
	})
}

func run(t *testing.T, d *datadriven.TestData, f *fake, seed uint64, s Schedule) string {
	faults := f.faults()
	for _, name := range lacking(d) {
		switch name {
		case "links":
			faults.Links = nil
		case "processes":
			faults.Processes = nil
		case "pauses":
			faults.Pauses = nil
		case "clocks":
			faults.Clocks = nil
		case "transfers":
			faults.Transfers = nil
		case "members":
			faults.Members = nil
		case "leadership":
			faults.Leadership = nil
		case "impairments":
			faults.Impairments = nil
		case "resets":
			faults.Resets = nil
		case "duplicates":
			faults.Duplicates = nil
		case "load":
			faults.Load = nil
		case "disks":
			faults.Disks = nil
		case "deaths":
			faults.Deaths = nil
		default:
			t.Fatalf("no fault interface is called %s", name)
		}
	}
	r := New(faults, f.nodes, rand.New(rand.NewPCG(seed, 0)), f.record)
	if end, ok := d.Arg("end"); ok {
		r.End = seconds(t, end.Vals[0])
	}
	r.Run(time.Now(), s, sleep)
	f.trace = append(f.trace, "Heal:")
	r.Heal()
	return strings.Join(f.trace, "\n") + "\nResolved:\n" + r.Resolved().String()
}

func lacking(d *datadriven.TestData) []string {
	if arg, ok := d.Arg("lacks"); ok {
		return arg.Vals
	}
	return nil
}

// outcome is what came of a schedule on a fake system.
type outcome struct {
	fake     *fake
	events   []history.Event
	resolved Schedule
}

func (o outcome) problems() []string {
	var list []string
	for _, e := range o.events {
		if e.Error != "" {
			list = append(list, e.Error)
		}
	}
	return list
}

func carryOut(t *testing.T, nodes []string, seed uint64, s Schedule, healed bool) (o outcome) {
	synctest.Test(t, func(t *testing.T) {
		o.fake = newFake(nodes)
		record := func(e history.Event) { o.events = append(o.events, e) }
		r := New(o.fake.faults(), nodes, rand.New(rand.NewPCG(seed, 0)), record)
		r.End = time.Minute
		r.Run(time.Now(), s, sleep)
		if healed {
			r.Heal()
		}
		o.resolved = r.Resolved()
		time.Sleep(time.Second) // whoever is to die does, however soon the last event was
	})
	return o
}

// anyRun draws a schedule, any or generated, and carries it out.
func anyRun(t *testing.T, rt *rapid.T, healed bool) (Schedule, outcome) {
	nodes := names(rapid.IntRange(1, 6).Draw(rt, "nodes"))
	s := drawSchedule(rt, nodes, 30)
	seed := rapid.Uint64().Draw(rt, "seed")
	return s, carryOut(t, nodes, seed, s, healed)
}

func TestAfterHealNothingIsWrong(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		_, o := anyRun(t, rt, true)
		if len(o.fake.impaired) > 0 {
			rt.Errorf("links or nodes are impaired: %v", o.fake.impaired)
		}
		if !o.fake.cut.empty() {
			rt.Errorf("links are cut: %v", o.fake.cut)
		}
		for n, s := range o.fake.states {
			if s != running {
				rt.Errorf("%s is %v", o.fake.nodes[n], s)
			}
			for kind, is := range o.fake.bad[n] {
				if is {
					rt.Errorf("the disk of %s is %s", o.fake.nodes[n], kind)
				}
			}
			if o.fake.armed[n] != "" {
				rt.Errorf("%s may die at %s", o.fake.nodes[n], o.fake.armed[n])
			}
		}
		if slices.ContainsFunc(o.fake.members, func(m cluster.Membership) bool { return m != cluster.Voter }) {
			rt.Errorf("not all are voters: %v", o.fake.members)
		}
		if slices.Contains(o.fake.wrong, true) {
			rt.Errorf("clocks are wrong: %v", o.fake.wrong)
		}
		for _, p := range o.problems() {
			if strings.Contains(p, "contract") {
				rt.Error(p)
			}
		}
		checkFaults(rt, o.events)
	})
}

// checkFaults: the history tells of every fault when it ended, by an event, before the last one.
func checkFaults(t *rapid.T, events []history.Event) {
	open := map[string]bool{}
	for _, e := range events {
		if e.Error == "" {
			open[e.Key] = e.Value.Kind() != history.None
		}
		if e.Process != history.Nemesis || e.Type != history.Info {
			t.Errorf("%v is not an event of the nemesis", e)
		}
	}
	for subject, is := range open {
		if is {
			t.Errorf("the history does not end the fault of %s", subject)
		}
	}
	begun := slices.DeleteFunc(slices.Clone(events), func(e history.Event) bool {
		return e.Error != "" || e.Value.Kind() == history.None
	})
	if got := len(history.Faults(events)); got != len(begun) {
		t.Errorf("%d faults of %d", got, len(begun))
	}
}

func TestTheSameSeedDoesTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		nodes := names(5)
		s := drawSchedule(rt, nodes, 30)
		seed := rapid.Uint64().Draw(rt, "seed")
		a, b := carryOut(t, nodes, seed, s, true), carryOut(t, nodes, seed, s, true)
		if !slices.Equal(a.fake.trace, b.fake.trace) {
			rt.Error("two runs of one seed differ")
		}
	})
}

// What a run resolved to is valid, has an effect in every part, and does the same with any seed.
func TestAResolvedScheduleReplays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		_, first := anyRun(t, rt, false)
		nodes := first.fake.nodes
		if err := first.resolved.Check(with(nodes)); err != nil {
			rt.Errorf("not valid: %v", err)
		}
		again := carryOut(t, nodes, rapid.Uint64().Draw(rt, "other seed"), first.resolved, false)
		if !slices.Equal(first.fake.trace, again.fake.trace) {
			rt.Errorf("first:\n%s\nreplayed:\n%s", strings.Join(first.fake.trace, "\n"), strings.Join(again.fake.trace, "\n"))
		}
		for _, e := range again.events { // what a loop of crashes tries of itself may fail
			if e.Error != "" && e.F != restart.name {
				rt.Errorf("had no effect: %v", e)
			}
		}
	})
}

// Check is sound: of a schedule in which everything has an effect, it refuses nothing.
func TestCheckRefusesOnlyWhatHasNoEffect(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		nodes := names(rapid.IntRange(1, 4).Draw(rt, "nodes"))
		s := drawSchedule(rt, nodes, 4)
		err := s.Check(with(nodes))
		if err == nil {
			return
		}
		for seed := range uint64(10) {
			if o := carryOut(t, nodes, seed, s, false); len(o.problems()) == 0 {
				rt.Fatalf("all of it had an effect with seed %d, and Check says %v", seed, err)
			}
		}
	})
}

func TestAnEventThatIsLateFollowsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Parse("5s crash n1\n6s restart n1\n7s heal\n20s crash n2")
		if err != nil {
			t.Fatal(err)
		}
		var times []time.Duration
		f := newFake(names(3))
		faults := f.faults()
		faults.Processes = slow{f}
		r := New(faults, f.nodes, nil, func(e history.Event) { times = append(times, e.Time) })
		r.Run(time.Now(), s, sleep)
		if want := []time.Duration{5e9, 16e9, 16e9, 20e9}; !slices.Equal(times, want) {
			t.Errorf("recorded at %v, want %v", times, want)
		}
	})
}

// slow takes ten seconds to start a node.
type slow struct{ *fake }

func (s slow) Restart(node string) error {
	time.Sleep(10 * time.Second)
	return s.fake.Restart(node)
}

// sleep is for runs that nobody interrupts.
func sleep(d time.Duration) bool {
	time.Sleep(d)
	return true
}

func TestRunEndsWhereSleepIsInterrupted(t *testing.T) {
	s, err := Parse("1s crash n1\n2s crash n2\n3s crash n3\n")
	if err != nil {
		t.Fatal(err)
	}
	f := newFake([]string{"n1", "n2", "n3"})
	r := New(f.faults(), f.nodes, rand.New(rand.NewPCG(1, 0)), f.record)
	naps := 0
	r.Run(time.Now(), s, func(time.Duration) bool {
		naps++
		return naps < 3
	})
	if got, want := r.Resolved().String(), s[:2].String(); got != want {
		t.Errorf("carried out:\n%swant:\n%s", got, want)
	}
}
