package syscall

import "unsafe"

// Names that change.

func (m *FaultlineMachine) unlink(trap, dirfd uintptr, path unsafe.Pointer, flags uintptr) (r1, r2 uintptr, err Errno) {
	path = m.path(int(int32(dirfd)), path)
	name, ours := m.relative(int(int32(dirfd)), faultlineString(path))
	if ours {
		faultlineDelay()
	}
	r1, r2, err = faultlineKernel(trap, dirfd, uintptr(path), flags, 0, 0, 0)
	if err == 0 && ours {
		m.say('u', 0, 0, []byte(name))
	}
	return r1, r2, err
}

func (m *FaultlineMachine) mkdir(trap, dirfd uintptr, path unsafe.Pointer, perm uintptr) (r1, r2 uintptr, err Errno) {
	path = m.path(int(int32(dirfd)), path)
	name, ours := m.relative(int(int32(dirfd)), faultlineString(path))
	if ours && m.full() {
		return faultlineFailed(ENOSPC)
	}
	r1, r2, err = faultlineKernel(trap, dirfd, uintptr(path), perm, 0, 0, 0)
	if err == 0 && ours {
		m.say('m', 0, 0, []byte(name))
	}
	return r1, r2, err
}

// faultlineOnNames renames or links.
func faultlineOnNames(trap, dirfd uintptr, path unsafe.Pointer, todir uintptr, to unsafe.Pointer, flags uintptr) (r1, r2 uintptr, err Errno) {
	m := faultlineHere()
	if m == nil {
		return faultlineKernel(trap, dirfd, uintptr(path), todir, uintptr(to), flags, 0)
	}
	const exchange = 2
	if trap == faultlineRenameat2 && flags&exchange != 0 {
		return faultlineFailed(EINVAL) // as a file system that cannot
	}
	path, to = m.path(int(int32(dirfd)), path), m.path(int(int32(todir)), to)
	from, ours := m.relative(int(int32(dirfd)), faultlineString(path))
	target, also := m.relative(int(int32(todir)), faultlineString(to))
	if ours && also {
		faultlineDelay()
	}
	r1, r2, err = faultlineKernel(trap, dirfd, uintptr(path), todir, uintptr(to), flags, 0)
	if err != 0 || !ours || !also {
		return r1, r2, err
	}
	kind := byte('r')
	if trap == SYS_LINKAT {
		kind = 'l'
	} else {
		m.renamed(from, target)
	}
	m.say(kind, 0, 0, []byte(from+"\x00"+target))
	return r1, r2, err
}

// renamed has open files follow their names, as relative names of open directories go by them.
func (m *FaultlineMachine) renamed(from, to string) {
	for _, f := range faultlineFiles {
		switch {
		case f.machine != m:
		case f.name == from:
			f.name = to
		case len(f.name) > len(from) && f.name[:len(from)] == from && f.name[len(from)] == '/':
			f.name = to + f.name[len(from):]
		}
	}
}

// faultlineOnFirst truncates by name, or is about the working directory.
func faultlineOnFirst(trap uintptr, p unsafe.Pointer, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	m := faultlineHere()
	switch {
	case trap == faultlineGetrandom:
		for i := range int(a2) {
			*(*byte)(unsafe.Add(p, i)) = byte(faultlineRand() >> 17)
		}
		return faultlineDone(int(a2))
	case m == nil:
		return faultlineKernel(trap, uintptr(p), a2, a3, 0, 0, 0)
	case trap == SYS_GETCWD:
		return m.getcwd(p, a2)
	case trap == SYS_CHDIR:
		return m.chdir(p)
	}
	fd, _, err := m.open(_AT_FDCWD, p, O_RDWR, 0)
	if err != 0 {
		return faultlineFailed(err)
	}
	e := Ftruncate(int(fd), int64(a2))
	_ = Close(int(fd))
	if errno, ok := e.(Errno); ok {
		return faultlineFailed(errno)
	}
	return faultlineDone(0)
}

// faultlineRefuseLink says that the disk has no symbolic links.
func faultlineRefuseLink() (r1, r2 uintptr, err Errno) {
	faultlineHere().say('!', 0, 0, []byte("make a symbolic link"))
	return faultlineFailed(EPERM)
}

// faultlineMapping is memory that a file is mapped to.
type faultlineMapping struct {
	address, length, off uintptr
	file                 *faultlineFile
	shared               bool // what is written there is written to the file
}

var faultlineMappings []faultlineMapping

// faultlineMapped notes a mapping. The world compares what is in the file when it has to know: at msync, and at a loss of power.
func faultlineMapped(m faultlineMapping) {
	faultlineMappings = append(faultlineMappings, m)
	if m.shared {
		m.file.machine.say('p', m.file.id, 0, []byte(m.file.name))
	}
}

func faultlineUnmapped(address uintptr) {
	for i, m := range faultlineMappings {
		if m.address == address {
			faultlineMappings = append(faultlineMappings[:i], faultlineMappings[i+1:]...)
			return
		}
	}
}

func faultlineSyncMapped(address, length uintptr) (r1, r2 uintptr, err Errno) {
	for _, m := range faultlineMappings {
		if m.shared && address >= m.address && address < m.address+m.length {
			off := address - m.address + m.off
			return m.file.machine.await('M', m.file.id, faultlineRange(uint64(off), uint64(length)))
		}
	}
	return faultlineDone(0)
}

// unmap ends the mappings of a host that has ended. Whoever of it is bound to a thread, and so runs on, finds zeros there.
func (m *FaultlineMachine) unmap() {
	kept := faultlineMappings[:0]
	for _, p := range faultlineMappings {
		if p.file.machine != m {
			kept = append(kept, p)
			continue
		}
		_, _, _ = faultlineKernel(SYS_MMAP, p.address, p.length, PROT_READ, MAP_PRIVATE|MAP_ANON|MAP_FIXED|MAP_NORESERVE, ^uintptr(0), 0)
	}
	faultlineMappings = kept
}

func faultlineRange(off, n uint64) []byte {
	b := make([]byte, 16)
	for i := range 8 {
		b[i], b[8+i] = byte(off>>(8*i)), byte(n>>(8*i))
	}
	return b
}
