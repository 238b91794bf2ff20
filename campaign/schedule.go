package campaign

import (
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
	if err := checkSchedule(string(b), s); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return string(b), nil
}

// wantsFaults says whether there are events in a schedule that was checked.
func wantsFaults(text string) bool {
	schedule, err := nemesis.Parse(text)
	return err == nil && len(schedule) > 0
}

func checkSchedule(text string, s world.Spec) error {
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
