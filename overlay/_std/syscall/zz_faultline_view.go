package syscall

import "unsafe"

// What a host can see of the machine below it is the same everywhere: the name of its directory, the times and numbers of files, the
// name of the host, its memory. A path in the key of a map would be enough to have two runs part.

// faultlineHome is what the directory of a machine is called.
const faultlineHome = "/machine"

// faultlineExecutable is what the program is called.
const faultlineExecutable = "/bin/program"

// faultlineRealCwd is the working directory as the kernel calls it, with a slash at the end.
func faultlineRealCwd() string {
	var buf [4096]byte
	n, _, err := faultlineKernel(SYS_GETCWD, uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0, 0)
	if err != 0 || n < 1 {
		return "/"
	}
	return string(buf[:n-1]) + "/"
}

// realCwd is the working directory of a host as the kernel calls it, with a slash at the end.
func (m *FaultlineMachine) realCwd() string {
	switch m.cwd {
	case "":
		return faultlineRealCwd()
	case ".":
		return m.root
	default:
		return m.root + m.cwd + "/"
	}
}

// chdir changes it. The kernel has one for the whole process, so a host of a world has its own.
func (m *FaultlineMachine) chdir(p unsafe.Pointer) (r1, r2 uintptr, err Errno) {
	p = m.path(_AT_FDCWD, p)
	if m.cwd == "" {
		return faultlineKernel(SYS_CHDIR, uintptr(p), 0, 0, 0, 0, 0)
	}
	name, ours := m.relative(_AT_FDCWD, faultlineString(p))
	if !ours {
		return faultlineFailed(EACCES)
	}
	var st Stat_t
	if _, _, err := faultlineKernel(faultlineFstatat, ^uintptr(99), uintptr(p), uintptr(unsafe.Pointer(&st)), 0, 0, 0); err != 0 {
		return faultlineFailed(err)
	}
	if st.Mode&S_IFMT != S_IFDIR {
		return faultlineFailed(ENOTDIR)
	}
	m.cwd = name
	return faultlineDone(0)
}

// path is a path as the kernel knows it.
func (m *FaultlineMachine) path(dirfd int, p unsafe.Pointer) unsafe.Pointer {
	if first := *(*byte)(p); m.cwd != "" && dirfd == _AT_FDCWD && first != '/' && first != 0 {
		b := []byte(m.realCwd() + faultlineString(p) + "\x00")
		return unsafe.Pointer(&b[0])
	}
	for i := range len(faultlineHome) {
		if *(*byte)(unsafe.Add(p, i)) != faultlineHome[i] {
			return p
		}
	}
	rest := faultlineString(unsafe.Add(p, len(faultlineHome)))
	if rest != "" && rest[0] != '/' {
		return p
	}
	b := []byte(m.root[:len(m.root)-1] + rest + "\x00")
	return unsafe.Pointer(&b[0])
}

func (m *FaultlineMachine) getcwd(p unsafe.Pointer, size uintptr) (r1, r2 uintptr, err Errno) {
	real := m.realCwd()
	shown := real[:len(real)-1]
	if len(real) >= len(m.root) && real[:len(m.root)] == m.root {
		shown = faultlineHome
		if rest := real[len(m.root):]; rest != "" {
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

// touch notes that a file was changed now, or made.
func (m *FaultlineMachine) touch(name string, changed bool) {
	if _, known := m.modified[name]; changed || !known {
		m.modified[name] = faultlineTime(0)
	}
}

// faultlineStat asks the kernel for what is known of a file, by descriptor or by name, and hides what differs from run to run.
func faultlineStat(trap, fd uintptr, path, buf unsafe.Pointer, flags uintptr) (r1, r2 uintptr, err Errno) {
	m, name, ours := faultlineHere(), "", false
	switch {
	case path == nil:
		r1, r2, err = faultlineKernel(trap, fd, uintptr(buf), 0, 0, 0, 0)
		if f := faultlineFiles[int(fd)]; f != nil {
			m, name, ours = f.machine, f.name, true
		}
	case m == nil:
		return faultlineKernel(trap, fd, uintptr(path), uintptr(buf), flags, 0, 0)
	default:
		path = m.path(int(int32(fd)), path)
		if *(*byte)(path) == 0 {
			if f := faultlineFiles[int(int32(fd))]; f != nil {
				name, ours = f.name, true
			}
		} else {
			name, ours = m.relative(int(int32(fd)), faultlineString(path))
		}
		r1, r2, err = faultlineKernel(trap, fd, uintptr(path), uintptr(buf), flags, 0, 0)
	}
	if err != 0 || !ours {
		return r1, r2, err
	}
	st := (*Stat_t)(buf)
	if m.inodes[st.Ino] == 0 {
		m.inodes[st.Ino] = uint64(len(m.inodes) + 1)
	}
	st.Ino, st.Dev = m.inodes[st.Ino], 1
	at, known := m.modified[name]
	if !known {
		at = faultlineStarted
	}
	st.Atim, st.Mtim, st.Ctim = at, at, at
	return r1, r2, err
}

var faultlineStarted = faultlineTime(0)

// faultlineOnThird is about names, with a buffer or times.
func faultlineOnThird(trap, dirfd uintptr, path, buf unsafe.Pointer, a4 uintptr) (r1, r2 uintptr, err Errno) {
	m := faultlineHere()
	switch {
	case trap == faultlineFstatat:
		return faultlineStat(trap, dirfd, path, buf, a4)
	case m == nil:
		return faultlineKernel(trap, dirfd, uintptr(path), uintptr(buf), a4, 0, 0)
	case trap == SYS_READLINKAT:
		if faultlineString(path) == "/proc/self/exe" {
			return faultlineDone(copy(unsafe.Slice((*byte)(buf), int(a4)), faultlineExecutable))
		}
	}
	if path != nil {
		path = m.path(int(int32(dirfd)), path)
	}
	return faultlineKernel(trap, dirfd, uintptr(path), uintptr(buf), a4, 0, 0)
}

// faultlineOnStatx says that the kernel is older than the call. Callers that have another way take it.
func faultlineOnStatx(trap, dirfd uintptr, path unsafe.Pointer, flags, mask uintptr, buf unsafe.Pointer) (r1, r2 uintptr, err Errno) {
	if faultlineHere() == nil {
		return faultlineKernel(faultlineStatxTrap, dirfd, uintptr(path), flags, mask, uintptr(buf), 0)
	}
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

// FaultlineHostname is the name of the host.
func FaultlineHostname() string {
	if m := faultlineHere(); m != nil && m.name != "" {
		return m.name
	}
	for i := range len(FaultlineHosts) {
		if FaultlineHosts[i] == '=' {
			return FaultlineHosts[:i]
		}
	}
	return "localhost"
}

// faultlineHidden says that a file tells of the machine below, or of the process as the kernel knows it: its memory, its load, its
// processors. It is not there, as on a system without such a file. What is configured below /proc/sys is there.
func faultlineHidden(path string) bool {
	begins := func(with string) bool { return len(path) >= len(with) && path[:len(with)] == with }
	return begins("/proc/") && !begins("/proc/sys/") && !begins("/proc/self/fd") && !begins("/proc/self/exe") || begins("/sys/")
}
