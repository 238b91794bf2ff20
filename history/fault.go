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
	var faults []Fault
	open := map[string]int{} // subject → index into faults
	for _, e := range events {
		if e.Process != Nemesis || e.Error != "" {
			continue
		}
		if k, ok := open[e.Key]; ok {
			faults[k].End = e.Time
			delete(open, e.Key)
		}
		if e.Value.Kind() == None {
			continue
		}
		detail, ok := e.Value.Text()
		if !ok {
			detail = e.Value.String()
		}
		open[e.Key] = len(faults)
		faults = append(faults, Fault{Kind: e.F, Subject: e.Key, Detail: detail, Begin: e.Time})
	}
	for _, k := range open {
		faults[k].End = events[len(events)-1].Time
	}
	return faults
}
