package syscall

import "unsafe"

// What a guest can see of the machine below it is the same everywhere: the name of its directory, the times and numbers of files, the
// name of the host, its memory. A path in the key of a map would be enough to have two runs part.

// faultlineHome is what the guest's directory is called.
const faultlineHome = "/machine"

// faultlineExecutable is what the program is called.
const faultlineExecutable = "/bin/program"

// faultlineRealCwd is the working directory as the kernel calls it, with a slash at the end.
func faultlineRealCwd() string {
	var buf [4096]byte
	n, _, err := faultlineKernel(SYS_GETCWD, uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0, 0)
	if err != 0 || n < 1 {
		return faultlineRoot
	}
	return string(buf[:n-1]) + "/"
}

// faultlinePath is a path as the kernel knows it.
func faultlinePath(p unsafe.Pointer) unsafe.Pointer {
	for i := range len(faultlineHome) {
		if *(*byte)(unsafe.Add(p, i)) != faultlineHome[i] {
			return p
		}
	}
	rest := faultlineString(unsafe.Add(p, len(faultlineHome)))
	if rest != "" && rest[0] != '/' {
		return p
	}
	b := []byte(faultlineRoot[:len(faultlineRoot)-1] + rest + "\x00")
	return unsafe.Pointer(&b[0])
}

func faultlineGetcwd(p unsafe.Pointer, size uintptr) (r1, r2 uintptr, err Errno) {
	real := faultlineRealCwd()
	shown := real[:len(real)-1]
	if len(real) >= len(faultlineRoot) && real[:len(faultlineRoot)] == faultlineRoot {
		shown = faultlineHome
		if rest := real[len(faultlineRoot):]; rest != "" {
			shown += "/" + rest[:len(rest)-1]
		}
	}
	if uintptr(len(shown)+1) > size {
		return faultlineFailed(ERANGE)
	}
	b := unsafe.Slice((*byte)(p), int(size))
	copy(b, shown)
	b[len(shown)] = 0
	return faultlineDone(len(shown) + 1)
}

var (
	faultlineModified = map[string]Timespec{} // when files were changed, by name
	faultlineInodes   = map[uint64]uint64{}   // numbers in the order in which they were seen
)

// faultlineTouch notes that a file was changed now, or made.
func faultlineTouch(name string, changed bool) {
	if _, known := faultlineModified[name]; changed || !known {
		faultlineModified[name] = faultlineTime(0)
	}
}

// faultlineStat asks the kernel for what is known of a file, by descriptor or by name, and hides what differs from run to run.
func faultlineStat(trap, fd uintptr, path, buf unsafe.Pointer, flags uintptr) (r1, r2 uintptr, err Errno) {
	name, ours := "", false
	if path == nil {
		r1, r2, err = faultlineKernel(trap, fd, uintptr(buf), 0, 0, 0, 0)
		if f := faultlineFiles[int(fd)]; f != nil {
			name, ours = f.name, true
		}
	} else {
		path = faultlinePath(path)
		if *(*byte)(path) == 0 {
			if f := faultlineFiles[int(int32(fd))]; f != nil {
				name, ours = f.name, true
			}
		} else {
			name, ours = faultlineName(int(int32(fd)), faultlineString(path))
		}
		r1, r2, err = faultlineKernel(trap, fd, uintptr(path), uintptr(buf), flags, 0, 0)
	}
	if err != 0 || !ours {
		return r1, r2, err
	}
	st := (*Stat_t)(buf)
	if faultlineInodes[st.Ino] == 0 {
		faultlineInodes[st.Ino] = uint64(len(faultlineInodes) + 1)
	}
	st.Ino, st.Dev = faultlineInodes[st.Ino], 1
	at, known := faultlineModified[name]
	if !known {
		at = faultlineStarted
	}
	st.Atim, st.Mtim, st.Ctim = at, at, at
	return r1, r2, err
}

var faultlineStarted = faultlineTime(0)

// faultlineOnThird is about names, with a buffer or times.
func faultlineOnThird(trap, dirfd uintptr, path, buf unsafe.Pointer, a4 uintptr) (r1, r2 uintptr, err Errno) {
	switch trap {
	case faultlineFstatat:
		return faultlineStat(trap, dirfd, path, buf, a4)
	case SYS_READLINKAT:
		if faultlineString(path) == "/proc/self/exe" {
			return faultlineDone(copy(unsafe.Slice((*byte)(buf), int(a4)), faultlineExecutable))
		}
	}
	if path != nil {
		path = faultlinePath(path)
	}
	return faultlineKernel(trap, dirfd, uintptr(path), uintptr(buf), a4, 0, 0)
}

// faultlineOnStatx says that the kernel is older than the call. Callers that have another way take it.
func faultlineOnStatx(trap, dirfd uintptr, path unsafe.Pointer, flags, mask uintptr, buf unsafe.Pointer) (r1, r2 uintptr, err Errno) {
	return faultlineFailed(ENOSYS)
}

// faultlineOnRaw answers calls that are made without telling the scheduler. What is called before one of them is found must not grow
// the stack, as arguments that are pointers are numbers here.
//
//go:uintptrkeepalive
//go:nosplit
func faultlineOnRaw(trap, a1, a2 uintptr) (r1 uintptr, err Errno, done bool) {
	switch trap {
	case SYS_SYSINFO:
		const gib = 1 << 30
		info := (*Sysinfo_t)(unsafe.Pointer(a1))
		info.Uptime, info.Totalram, info.Freeram, info.Procs, info.Unit = 1, 8*gib, 4*gib, 1, 1
		return 0, 0, true
	case SYS_GETRUSAGE:
		*(*Rusage)(unsafe.Pointer(a2)) = Rusage{}
		return 0, 0, true
	case SYS_GETPID, SYS_GETTID:
		return faultlinePid, 0, true
	case SYS_GETPPID:
		return 0, 0, true
	case SYS_KILL:
		if err := faultlineKill(int(int32(a1)), Signal(a2)); err != 0 {
			return ^uintptr(0), err, true
		}
		return 0, 0, true
	case SYS_CLOCK_GETTIME:
		p := (*Timespec)(unsafe.Pointer(a2))
		*p = faultlineTime(a1)
		return 0, 0, true
	case SYS_GETTIMEOFDAY:
		p := (*Timeval)(unsafe.Pointer(a1))
		*p = faultlineTimeval()
		return 0, 0, true
	}
	if trap < uintptr(len(faultlineShape)) && faultlineShape[trap] == faultlineRefused {
		return ^uintptr(0), faultlineRefuse(trap), true
	}
	return 0, 0, false
}

// FaultlineHostname is the name of the guest's host.
func FaultlineHostname() string {
	for i := range len(FaultlineHosts) {
		if FaultlineHosts[i] == '=' {
			return FaultlineHosts[:i]
		}
	}
	return "localhost"
}
