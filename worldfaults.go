package faultline

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/guest"
	"faultline/history"
	"faultline/nemesis"
)

// faults are those of a world: a nemesis on a goroutine of its own, which does one thing after the other.
type faults struct {
	w         *W
	leader    func() string   // nil if nobody tells who leads
	runner    *nemesis.Runner // nil until there is a fault
	schedules chan nemesis.Schedule
	now       chan func()        // what is done at once, also while a schedule is carried out
	heals     chan chan struct{} // each is closed when all is healed
	healing   chan struct{}      // the one that is to be closed next

	// mu guards what follows. Nobody waits while holding it.
	mu     sync.Mutex
	strict bool            // what has no effect fails the test
	busy   bool            // a schedule is being carried out
	early  []cluster.Death // before there was a runner
}

// died notes a host that ends by itself before the first fault.
func (f *faults) died(d cluster.Death) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.early = append(f.early, d)
}

// deaths tell the nemesis of those before the first fault, too.
type deaths struct {
	cluster.Deaths
	faults *faults
}

// OnDeath implements cluster.Deaths.
func (d deaths) OnDeath(tell func(cluster.Death)) {
	d.faults.mu.Lock()
	early := d.faults.early
	d.faults.mu.Unlock()
	d.Deaths.OnDeath(tell)
	for _, death := range early {
		tell(death)
	}
}

func (f *faults) begun() bool { return f.runner != nil }

// nemesis returns the faults, ready to be done.
func (w *W) nemesis() *faults {
	w.Helper()
	f := &w.faults
	if f.runner != nil {
		return f
	}
	if w.cluster == nil {
		w.Fatal("faultline: there is no host that faults could be done to")
	}
	f.w, f.schedules, f.now, f.heals = w, make(chan nemesis.Schedule), make(chan func()), make(chan chan struct{})
	f.runner = nemesis.New(w.suffered(), w.nodes(), w.Rand("nemesis"), f.record)
	go f.serve()
	return f
}

// suffered are the faults that hosts of a world suffer.
func (w *W) suffered() cluster.Faults {
	all := w.cluster.Faults()
	all.Clocks = &clocks{Clocks: all.Clocks, w: w}
	all.Deaths = deaths{all.Deaths, &w.faults}
	if f := w.faults.leader; f != nil {
		all.Leadership = leadership(f)
	}
	return all
}

// leadership names the host that leads.
type leadership func() string

// Leader implements cluster.Leadership.
func (f leadership) Leader() (string, bool) {
	name := f()
	return name, name != ""
}

// Leader says how it is found out which host leads, "" for none, so that faults can aim at the leader. It comes before the first
// fault.
func (w *W) Leader(f func() string) {
	w.Helper()
	if w.faults.begun() {
		w.Fatal("faultline: who leads has to be known before the first fault")
	}
	w.faults.leader = f
}

// subject is what schedules must know of the world.
func (w *W) subject() nemesis.Subject {
	return nemesis.Subject{Nodes: w.nodes(), Suffers: w.suffered().Suffers(), CrashPoints: guest.CrashPoints()}
}

// Faults carries out a schedule in the language of package faultline/nemesis, aside. Its times count from now. It goes on until
// Heal, or the end of the test.
func (w *W) Faults(schedule string) {
	w.Helper()
	f := w.nemesis()
	s, err := nemesis.Parse(schedule)
	if err == nil {
		err = s.Check(w.subject())
	}
	if err != nil {
		w.Fatalf("faultline: %v", err)
	}
	f.begin(s)
}

// Nemesis draws faults of families, such as "partition", for a time from now on, and carries them out aside. A fault, and the time
// until the next, take as long as the interval in the mean.
func (w *W) Nemesis(families []string, d, interval time.Duration) {
	w.Helper()
	f := w.nemesis()
	s, err := nemesis.Generate(w.Rand("schedule"), nemesis.Options{Families: families, Subject: w.subject(), Interval: interval, End: d})
	if err != nil {
		w.Fatalf("faultline: %v", err)
	}
	f.begin(s)
}

// Fault does one thing at once, in the language of package faultline/nemesis, such as "crash n1". If that has no effect, the test
// fails.
func (w *W) Fault(action string) {
	w.Helper()
	s, err := nemesis.Parse("0s " + action)
	if err != nil {
		w.Fatalf("faultline: %v", err)
	}
	f := w.nemesis()
	done := make(chan struct{})
	f.now <- func() {
		f.atOnce(f.after(s))
		close(done)
	}
	<-done
}

// Heal ends the schedule that is being carried out, and all faults: links are mended, nodes are restarted.
func (w *W) Heal() { w.faults.heal() }

func (f *faults) heal() {
	if f.runner == nil {
		return
	}
	healed := make(chan struct{})
	f.heals <- healed
	<-healed
}

// resolved is what was carried out, as a schedule.
func (f *faults) resolved() string {
	if f.runner == nil {
		return ""
	}
	return f.runner.Resolved().String()
}

// after has a schedule begin now.
func (f *faults) after(s nemesis.Schedule) nemesis.Schedule {
	s = slices.Clone(s)
	for i := range s {
		s[i].At += f.w.Since()
	}
	return s
}

// begin has a schedule carried out.
func (f *faults) begin(s nemesis.Schedule) {
	f.w.Helper()
	f.mu.Lock()
	busy := f.busy
	f.mu.Unlock()
	if busy {
		f.w.Fatal("faultline: another schedule is being carried out: write one schedule, or call Heal before the next")
	}
	f.schedules <- f.after(s)
}

// serve is the nemesis.
func (f *faults) serve() {
	for {
		select {
		case s := <-f.schedules:
			f.conduct(s)
		case do := <-f.now:
			do()
			f.conduct(nil) // what it has begun may go on
		case f.healing = <-f.heals:
		}
		if f.healing != nil {
			f.runner.Heal()
			close(f.healing)
			f.healing = nil
		}
	}
}

// forever is longer than any world.
const forever = 1 << 62

// conduct carries out a schedule, and what goes on after its last event, until that is over or to be healed.
func (f *faults) conduct(s nemesis.Schedule) {
	f.set(&f.busy, true)
	defer f.set(&f.busy, false)
	f.runner.End = forever
	f.runner.Run(f.w.start, s, f.sleep)
}

// sleep waits until the next event is due, and does meanwhile what is to be done at once. It is false if all is to be healed.
func (f *faults) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return true
		case do := <-f.now:
			do()
		case f.healing = <-f.heals:
			return false
		}
	}
}

// atOnce carries out events that are due. What they begin goes on with what is being carried out.
func (f *faults) atOnce(s nemesis.Schedule) {
	f.set(&f.strict, true)
	defer f.set(&f.strict, false)
	f.runner.End = 0
	f.runner.Run(f.w.start, s, func(time.Duration) bool { return true })
	f.runner.End = forever
}

func (f *faults) set(flag *bool, to bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*flag = to
}

// record tells what the nemesis has done, or could not do.
func (f *faults) record(e history.Event) {
	f.mu.Lock()
	strict := f.strict
	f.mu.Unlock()
	what := e.F + " " + e.Key
	what = strings.TrimSuffix(what, " "+e.F) // the key of a fault of disks names both
	if detail, ok := e.Value.Text(); ok && detail != e.Key {
		what += " (" + detail + ")"
	}
	switch {
	case e.Error == "":
		fmt.Fprintf(f.w.Output(), "%12.6fs %s\n", f.w.Since().Seconds(), what)
	case strict:
		f.w.Errorf("faultline: %s: %s", what, e.Error)
	default:
		fmt.Fprintf(f.w.Output(), "%12.6fs %s: %s\n", f.w.Since().Seconds(), what, e.Error)
	}
}
