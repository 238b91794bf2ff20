// Package gotest tells how a test is run again, by the go command.
package gotest

import (
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
)

// SeedVariable names the environment variable that says which seed a test is to run, and no other.
const SeedVariable = "FAULTLINE_SEED"

// Seed is the seed that the environment asks for; false if it asks for none.
func Seed() (seed uint64, asked bool, err error) {
	text := os.Getenv(SeedVariable)
	if text == "" {
		return 0, false, nil
	}
	if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
		return 0, true, fmt.Errorf("%s=%s: give a whole number", SeedVariable, text)
	}
	return seed, true, nil
}

// Again is the command that runs a seed of a test.
func Again(test string, seed uint64) string {
	return fmt.Sprintf("%s=%d %s", SeedVariable, seed, Command(test))
}

// Command is the command that runs a test.
func Command(test string) string { return "go test " + Package() + "-run '" + Pattern(test) + "'" }

// Pattern selects one test, whose name may be that of a subtest.
func Pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// Package is the path of the package under test, with a space behind it; empty if the program does not know it.
func Package() string {
	info, ok := debug.ReadBuildInfo()
	path, isTest := strings.CutSuffix(info.Path, ".test")
	if !ok || !isTest {
		return ""
	}
	return path + " "
}
