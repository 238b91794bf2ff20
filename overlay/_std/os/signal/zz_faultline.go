package signal

import "syscall"

// faultlineQuiet says that this process is a guest of a world, where nobody sends signals: a node is killed or paused.
func faultlineQuiet() bool { return syscall.FaultlineGuest }
