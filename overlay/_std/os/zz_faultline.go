package os

import "syscall"

// faultlineQuiet says that whoever calls is on a machine of a world.
func faultlineQuiet() bool { return syscall.FaultlineIsHost() }
