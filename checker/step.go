package checker

// Step is a reason for which one operation of a finding comes before another.
type Step struct {
	From int        `json:"from"`           // position in Operations; -1 for the initial value
	To   int        `json:"to"`             // likewise
	Kind Dependency `json:"kind,omitempty"` // empty in findings of earlier builds
	Key  string     `json:"key,omitempty"`  // the key of ww, wr and rw, if it has a name
	Why  string     `json:"why"`            // program order, reads from, conflict, …
}

// Dependency is the kind of a step. Its text labels the arrow of a picture. Those of data are Adya's (1999), by what the two
// operations did to one key.
type Dependency string

const (
	WW Dependency = "ww" // the second wrote a later version than the first
	WR Dependency = "wr" // the second read what the first wrote
	RW Dependency = "rw" // the first read a version, and the second wrote a later one: an anti-dependency
	// RWPredicate is rw where the first read by a predicate, and found no such key.
	RWPredicate Dependency = "rw by predicate"

	Process  Dependency = "process"  // one process did them, in this order
	Realtime Dependency = "realtime" // the first had returned before the second was invoked
	WFR      Dependency = "wfr"      // writes follow reads: the process of the second had read what the first wrote
)
