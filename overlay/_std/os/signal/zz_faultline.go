package signal

import "syscall"

// faultlineQuiet says that whoever calls is on a machine of a world, where nobody sends signals: a node is killed or paused.
func faultlineQuiet() bool { return syscall.FaultlineIsHost() }
