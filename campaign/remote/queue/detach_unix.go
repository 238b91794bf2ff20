//go:build unix

package queue

import (
	"os/exec"
	"syscall"
)

// detach starts a program in a group of its own, which the terminal's signals do not reach.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
