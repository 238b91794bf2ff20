package history

import "time"

// Fault is one thing that was broken for a while.
type Fault struct {
	Kind    string // what was done: partition, crash, pause, …
	Subject string // what it was done to: a node, or "network"
	Detail  string // how, as the nemesis put it
	Begin   time.Duration
	End     time.Duration // the time of the last event, for a fault that nothing ended
}

// Faults derives the faults of a history from its nemesis events. The Key of such an event is its
// subject. An event with a value begins a fault there, one without ends it; a new fault on the same
// subject takes the place of the old one. An event with an error had no effect.
func Faults(events []Event) []Fault {
	var all faults
	for i := range events {
		all.add(&events[i])
	}
	return all.list()
}

// faults are the faults of the events so far.
type faults struct {
	all  []Fault
	open map[string]int // subject → index into all
	last time.Duration  // the time of the last event
}

func (f *faults) add(e *Event) {
	f.last = e.Time
	if e.Process != Nemesis || e.Error != "" {
		return
	}
	if k, ok := f.open[e.Key]; ok {
		f.all[k].End = e.Time
		delete(f.open, e.Key)
	}
	if e.Value.Kind() == None {
		return
	}
	detail, ok := e.Value.Text()
	if !ok {
		detail = e.Value.String()
	}
	if f.open == nil {
		f.open = map[string]int{}
	}
	f.open[e.Key] = len(f.all)
	f.all = append(f.all, Fault{Kind: e.F, Subject: e.Key, Detail: detail, Begin: e.Time})
}

// list is what there is if nothing follows.
func (f *faults) list() []Fault {
	for _, k := range f.open {
		f.all[k].End = f.last
	}
	return f.all
}
