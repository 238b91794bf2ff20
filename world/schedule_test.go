package world

import (
	"testing"
	"time"
)

// The schedule follows from the spec: it is the same whenever and wherever it is drawn, and these bytes
// are what seed 7 has always meant. If this fails, stored command lines no longer repeat their runs.
func TestScheduleOfSeed7(t *testing.T) {
	s := shortSpec(7)
	s.TimeLimit, s.Interval = 30*time.Second, 8*time.Second
	want := `5.784316s crash leader
6.741888s partition n4,n5 | n1,n2,n3
7.758306s pause one
8.01152s heal
9.662667s partition n2,n3,n5 | n1,n2,n4
10.461883s resume all
17.733839s heal
18.851539s pause leader
19.95747s restart all
24.235426s partition n1,n5 | n5,n4 | n4,n2 | n2,n3 | n3,n1
27.241377s resume all
27.60385s heal
`
	for range 3 {
		got, err := s.Schedule()
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != want {
			t.Errorf("got:\n%s", got)
		}
	}
}

// Each seed has its own schedule, each of which can be meant, leaves the test's start in peace and has
// ended by its time limit. The read level has no part in it, so that levels can be compared under the same faults.
func TestSchedulesOfManySeeds(t *testing.T) {
	seen := map[string]uint64{}
	for seed := range uint64(200) {
		s := shortSpec(seed)
		got, err := s.Schedule()
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Check(s.Subject()); err != nil {
			t.Errorf("seed %d: %v in\n%s", seed, err, got)
		}
		if other, ok := seen[got.String()]; ok {
			t.Errorf("seeds %d and %d have the same schedule", seed, other)
		}
		seen[got.String()] = seed
		if first, last := got[0].At, got[len(got)-1].At; first < s.TimeLimit/4 || last >= s.TimeLimit {
			t.Errorf("seed %d: faults from %v to %v", seed, first, last)
		}
		s.Mode = "stale"
		if other, err := s.Schedule(); err != nil || other.String() != got.String() {
			t.Errorf("seed %d: another read level has another schedule: %v", seed, err)
		}
	}
}

// What makes a schedule impossible is said in the words of the command line.
func TestSchedulesThatCannotBe(t *testing.T) {
	tests := []struct {
		spoil func(*Spec)
		want  string
	}{
		{func(s *Spec) { s.TimeLimit = time.Second }, "time limit 1s: too short for a nemesis interval of 2s, as the first 250ms are without faults"},
		{func(s *Spec) { s.TimeLimit, s.Interval = time.Minute, time.Hour }, "time limit 1m0s: too short for a nemesis interval of 1h0m0s, as the first 5s are without faults"},
		{func(s *Spec) { s.Nodes = 1 }, "generate schedule: partition needs 2 nodes or more, and there are 1"},
		{func(s *Spec) { s.Interval = 0 }, "generate schedule: an interval of 0s between faults is shorter than 10ms"},
	}
	for _, tt := range tests {
		s := shortSpec(1)
		tt.spoil(&s)
		if got, err := s.Schedule(); err == nil || err.Error() != tt.want {
			t.Errorf("got  %v, %v\nwant %s", got, err, tt.want)
		}
	}
	s := shortSpec(1)
	s.Nemesis, s.TimeLimit = nil, time.Second
	if got, err := s.Schedule(); err != nil || len(got) > 0 {
		t.Errorf("without families there are no faults, and a short test is fine: %v, %v", got, err)
	}
}
