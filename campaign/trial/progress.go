package trial

import "time"

// Progress is how far a tool is with its trials.
type Progress struct {
	What    string        // what is run now, or looked for, if the tool does several things
	Done    int           // trials that have ended, including those from before it was resumed
	Count   int           // trials in all; 0 if that is not known
	Fresh   int           // trials that have ended since the tool was started or resumed
	Invalid int           // trials that are invalid, of those that have ended
	Best    string        // the best so far, if the tool looks for one
	Elapsed time.Duration // since the tool was started or resumed
}

// Left estimates how long the rest will take; 0 if that is not known.
func (p Progress) Left() time.Duration {
	return p.Elapsed / time.Duration(max(1, p.Fresh)) * time.Duration(max(0, p.Count-p.Done))
}

// Meter counts trials, and tells how far they are. It is used from one goroutine at a time.
type Meter struct {
	Progress
	started time.Time
	tell    func(Progress)
}

// NewMeter returns a meter that goes on from p and starts its clock. Tell is called after every trial; it may be nil.
func NewMeter(p Progress, tell func(Progress)) *Meter {
	return &Meter{Progress: p, started: time.Now(), tell: tell}
}

// Count counts a trial that has ended.
func (m *Meter) Count(invalid bool) {
	m.Done++
	m.Fresh++
	if invalid {
		m.Invalid++
	}
	m.Elapsed = time.Since(m.started)
	if m.tell != nil {
		m.tell(m.Progress)
	}
}
