//go:build !linux

package world

import (
	"os"
	"os/exec"
)

func dieTogether(*exec.Cmd) {}

// pinned is not possible without Linux's ptrace.
func pinned(uint64) supervise {
	return func(*exec.Cmd, func(*os.Process)) error { return errNotPinned }
}
