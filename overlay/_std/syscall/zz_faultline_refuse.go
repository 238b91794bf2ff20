package syscall

// What a guest cannot do is refused, and said to the world by name if a program may depend on it. Callers that have another way
// take it.
//
// Whatever waits in the kernel is refused too: while a guest waits there its world stands still, and whom it waits for may be
// in the world.

var faultlineRefusals = []struct {
	what  string // as in "cannot ..."; empty for what all callers do without
	err   Errno
	traps []uintptr
}{
	{"", EINVAL, []uintptr{SYS_SENDFILE, SYS_SPLICE}},
	{"", ENOSYS, []uintptr{faultlineCopyRange, faultlinePidfdOpen, faultlineOpenat2}},
	{"write by pwritev2", ENOSYS, []uintptr{faultlinePwritev2}},
	{"", EAFNOSUPPORT, []uintptr{SYS_SOCKETPAIR}},
	{"open a socket other than by package net", EAFNOSUPPORT, []uintptr{SYS_SOCKET}},
	{"wait for descriptors other than by package net", ENOSYS, append(faultlinePolls, SYS_EPOLL_CREATE1, SYS_PSELECT6, SYS_PPOLL)},
	{"use io_uring", ENOSYS, []uintptr{faultlineIoUring}},
	{"make a pipe (os.Pipe, os/exec)", ENOSYS, append(faultlinePipes, SYS_PIPE2)},
	{"watch files by inotify", ENOSYS, append(faultlineWatches, SYS_INOTIFY_INIT1)},
	{"make a descriptor for events", ENOSYS, append(faultlineEvents, SYS_EVENTFD2)},
	{"make a descriptor for signals", ENOSYS, []uintptr{SYS_SIGNALFD4}},
	{"make a timer that is a descriptor", ENOSYS, []uintptr{SYS_TIMERFD_CREATE}},
	{"sleep other than by package time", ENOSYS, []uintptr{SYS_NANOSLEEP, SYS_CLOCK_NANOSLEEP}},
	{"start a process", ENOSYS, []uintptr{SYS_CLONE}},
	{"become another program", ENOSYS, []uintptr{SYS_EXECVE, faultlineExecveat}},
}

func faultlineHookRefusals() {
	for _, r := range faultlineRefusals {
		for _, trap := range r.traps {
			faultlineShape[trap] = faultlineRefused
		}
	}
}

// faultlineRefuse is the answer to a call that is refused.
func faultlineRefuse(trap uintptr) Errno {
	for _, r := range faultlineRefusals {
		for _, refused := range r.traps {
			if refused != trap {
				continue
			}
			if r.what != "" {
				FaultlineUnable(r.what)
			}
			return r.err
		}
	}
	return ENOSYS
}

// FaultlineUnable tells the world what the guest wants to do and cannot.
func FaultlineUnable(what string) { FaultlineSay('!', 0, 0, []byte(what)) }

// faultlineKill sends a signal. There is nobody else, and nobody who waits for signals.
func faultlineKill(pid int, sig Signal) Errno {
	switch {
	case pid != faultlinePid && pid != 0:
		return ESRCH
	case sig == 0:
		return 0
	case sig == SIGKILL || sig == SIGABRT:
		FaultlineExit(128 + int(sig))
	}
	FaultlineUnable("send itself the signal " + sig.String())
	return EPERM
}
