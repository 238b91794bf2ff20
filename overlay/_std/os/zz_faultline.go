package os

import "syscall"

// faultlineQuiet says that this process is a guest of a world.
func faultlineQuiet() bool { return syscall.FaultlineGuest }
