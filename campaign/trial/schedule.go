package trial

import (
	"errors"
	"fmt"
	"os"

	"faultline/nemesis"
	"faultline/world"
)

// ReadSchedule reads a schedule and checks it against a spec. Errors name file, line and column.
func ReadSchedule(path string, s world.Spec) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the schedule: %w", err)
	}
	if err := CheckSchedule(string(b), s); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return string(b), nil
}

// Draw returns what a world needs to run a spec: by the schedule, or by the one that is drawn if there is none.
func Draw(spec world.Spec, schedule string) (world.Input, error) {
	if schedule != "" {
		return world.Input{Spec: spec, Schedule: schedule}, nil
	}
	drawn, err := spec.Schedule()
	if err != nil {
		return world.Input{}, fmt.Errorf("seed %d: %w", spec.Seed, err)
	}
	return world.Input{Spec: spec, Schedule: drawn.String()}, nil
}

// ErrNoEvents means that a schedule was given and has no events.
var ErrNoEvents = errors.New("there are no events in it")

// CheckFaults reports what is wrong with the faults of a spec: with the schedule that is given, from a file if that is
// named, or with the one that is drawn if none is given.
func CheckFaults(s world.Spec, schedule, file string) error {
	switch {
	case file != "" && !wantsFaults(schedule):
		return fmt.Errorf("%s: %w", file, ErrNoEvents)
	case schedule != "":
		return CheckSchedule(schedule, s)
	}
	_, err := s.Schedule() // what is wrong with one seed's is wrong with all
	return err
}

// wantsFaults says whether there are events in a schedule that was checked.
func wantsFaults(text string) bool {
	schedule, err := nemesis.Parse(text)
	return err == nil && len(schedule) > 0
}

func CheckSchedule(text string, s world.Spec) error {
	schedule, err := nemesis.Parse(text)
	if err != nil {
		return err
	}
	if err := schedule.Check(s.Subject()); err != nil {
		return err
	}
	for _, e := range schedule {
		if e.At >= s.TimeLimit {
			return fmt.Errorf("%q comes when the test is over: its time limit is %v", e, s.TimeLimit)
		}
	}
	return nil
}
