package plugin

import "syscall"

// faultlineUnable says that a guest cannot open a plugin.
func faultlineUnable(name string) {
	if syscall.FaultlineGuest {
		syscall.FaultlineUnable("open the plugin " + name)
	}
}
