package faultline

import (
	"cmp"
	"time"

	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

// Spec says what is run. Fields that are zero have defaults that suit a test of a few seconds: the first kind and its default
// mode, the first workload that it understands, ten seconds of 200 operations a second by five clients, and partitions and crashes as far
// as the system suffers them. Nemesis that is empty and not nil means no faults.
type Spec = world.Spec

// The defaults of a test.
const (
	defaultSeeds       = 10
	defaultTimeLimit   = 10 * time.Second
	defaultInterval    = 2 * time.Second
	defaultRate        = 200
	defaultConcurrency = 5
)

// withDefaults fills in what a test does not say. The error names what is wrong.
func withDefaults(s Spec) (Spec, error) {
	s, err := s.WithDefaults()
	if err != nil {
		return s, err
	}
	if s.Workload == "" {
		kind, _ := s.Kind() // it has one
		s.Workload = workloads.Usual(kind)
	}
	s.TimeLimit = cmp.Or(s.TimeLimit, defaultTimeLimit)
	s.Interval = cmp.Or(s.Interval, min(defaultInterval, s.TimeLimit/4))
	s.Rate = cmp.Or(s.Rate, defaultRate)
	s.Concurrency = cmp.Or(s.Concurrency, defaultConcurrency)
	s.Clock = cmp.Or(s.Clock, world.Virtual)
	if s.Nemesis == nil {
		s.Nemesis = s.Subject().Bears(nemesis.Usual...)
	}
	return s.Planted(s.Bug), nil
}
