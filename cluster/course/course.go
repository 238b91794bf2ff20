// Package course names the lectures of docs/course.md, so that a kind of system can say to which it belongs.
package course

import "fmt"

// Lecture is one of the course: of Kleppmann's lectures on distributed systems, or his talks, which come last.
type Lecture uint8

// The lectures, in order. The zero Lecture is none.
const (
	_                  Lecture = iota
	Calls                      // a call over the network
	Failures                   // models of failure
	Clocks                     // time and clocks
	Broadcasts                 // broadcast
	Replication                // replication
	Consensus                  // consensus
	ReplicaConsistency         // replica consistency
	Collaboration              // collaboration, and Spanner
	Talks
)

var lectureTitles = [...]string{Calls: "A call over the network", Failures: "Models of failure", Clocks: "Time and clocks", Broadcasts: "Broadcast",
	Replication: "Replication", Consensus: "Consensus", ReplicaConsistency: "Replica consistency", Collaboration: "Collaboration, and Spanner", Talks: "Talks"}

// Lectures are all of the course, in order.
func Lectures() (all []Lecture) {
	for l := Calls; l <= Talks; l++ {
		all = append(all, l)
	}
	return all
}

// String is the title, as in docs/course.md.
func (l Lecture) String() string {
	if l < Talks {
		return fmt.Sprintf("%d. %s", l, lectureTitles[l])
	}
	return lectureTitles[l]
}
