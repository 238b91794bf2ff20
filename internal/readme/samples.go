package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// samples are the samples of README.md. They build on each other: a run that fails is made small, looked at and checked.
type samples struct {
	program *program
	failed  string // the name of the run that is shown
}

// sample is a command and how much is shown of what it prints.
type sample struct {
	command func(s *samples) string // as it is shown
	show    func(output string) (string, error)
}

var all = map[string]sample{
	"valid":    {says("faultline run"), withoutSpeed},
	"invalid":  {says("faultline run --read leader --name leader"), oneFailure},
	"schedule": {says("faultline run --read leader --schedule faults.txt --time-limit 30s --name edited"), oneFailure},
	"shrink":   {func(s *samples) string { return "faultline shrink " + s.failed }, whole},
	"compare":  {says("faultline compare --test-count 20 --name levels"), firstTable},
	"check":    {says("faultline check history.edn"), oneKey},
}

func says(command string) func(*samples) string { return func(*samples) string { return command } }

// fill replaces the samples in a text, and takes the schedule that it shows.
func (s *samples) fill(ctx context.Context, text string) (string, error) {
	return replace(text, func(b block) (string, error) {
		if b.name == "faults" {
			return b.text, s.program.write("faults.txt", b.text)
		}
		is, ok := all[b.name]
		if !ok {
			return "", errors.New("there is none of that name")
		}
		if err := s.prepare(ctx, b.name); err != nil {
			return "", err
		}
		command := is.command(s)
		output, err := s.program.run(ctx, command)
		if err != nil {
			return "", err
		}
		if b.name == "invalid" {
			s.failed = "leader:" + firstExplained(output)
		}
		shown, err := is.show(output)
		return "$ " + command + "\n" + shown, err
	})
}

// prepare makes the file that a sample reads.
func (s *samples) prepare(ctx context.Context, name string) error {
	if name != "check" {
		return nil
	}
	_, err := s.program.run(ctx, "faultline export --edn "+s.failed+" -o history.edn")
	return err
}

func whole(output string) (string, error) { return output, nil }

// withoutSpeed leaves out what depends on the machine.
func withoutSpeed(output string) (string, error) {
	return excerpt(output, func(line string) bool { return !strings.HasPrefix(line, "speed ") }), nil
}

// firstTable is the table that an output begins with.
func firstTable(output string) (string, error) {
	_, table, ok := strings.Cut(output, "\n\n")
	table, _, more := strings.Cut(table, "\n\n")
	if !ok || !more {
		return "", fmt.Errorf("there is no table:\n%s", output)
	}
	return table + "\n" + omitted, nil
}

// failing begins what is said of a run that is not valid.
var failing = regexp.MustCompile(`^seed (\d+) is invalid: `)

// firstExplained is the first seed of which the cause is told; empty if there is none.
func firstExplained(output string) string {
	lines := strings.Split(output, "\n")
	for i, line := range lines {
		if m := failing.FindStringSubmatch(line); m != nil && strings.HasPrefix(lines[i+1], "  cause") {
			return m[1]
		}
	}
	return ""
}

// oneFailure is the verdict and the first failure that is explained.
func oneFailure(output string) (string, error) {
	seed := firstExplained(output)
	if seed == "" {
		return "", fmt.Errorf("no failure is explained:\n%s", output)
	}
	within := false
	return excerpt(output, func(line string) bool {
		if m := failing.FindStringSubmatch(line); m != nil {
			within = m[1] == seed
		}
		return within || strings.HasPrefix(line, "INVALID: ")
	}), nil
}

// oneKey is the verdict about a history and the first of its keys.
func oneKey(output string) (string, error) {
	keys := 0
	return excerpt(output, func(line string) bool {
		if strings.HasPrefix(line, "  key ") {
			keys++
		}
		return keys < 2
	}), nil
}
