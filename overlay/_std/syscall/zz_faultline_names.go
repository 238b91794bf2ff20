package syscall

import "unsafe"

// Names that change.

func faultlineUnlink(trap, dirfd uintptr, path unsafe.Pointer, flags uintptr) (r1, r2 uintptr, err Errno) {
	path = faultlinePath(path)
	name, ours := faultlineName(int(int32(dirfd)), faultlineString(path))
	if ours {
		faultlineDelay()
	}
	r1, r2, err = faultlineKernel(trap, dirfd, uintptr(path), flags, 0, 0, 0)
	if err == 0 && ours {
		FaultlineSay('u', 0, 0, []byte(name))
	}
	return r1, r2, err
}

func faultlineMkdir(trap, dirfd uintptr, path unsafe.Pointer, perm uintptr) (r1, r2 uintptr, err Errno) {
	path = faultlinePath(path)
	name, ours := faultlineName(int(int32(dirfd)), faultlineString(path))
	if ours && faultlineFull {
		return faultlineFailed(ENOSPC)
	}
	r1, r2, err = faultlineKernel(trap, dirfd, uintptr(path), perm, 0, 0, 0)
	if err == 0 && ours {
		FaultlineSay('m', 0, 0, []byte(name))
	}
	return r1, r2, err
}

// faultlineOnNames renames or links.
func faultlineOnNames(trap, dirfd uintptr, path unsafe.Pointer, todir uintptr, to unsafe.Pointer, flags uintptr) (r1, r2 uintptr, err Errno) {
	const exchange = 2
	if trap == faultlineRenameat2 && flags&exchange != 0 {
		return faultlineFailed(EINVAL) // as a file system that cannot
	}
	path, to = faultlinePath(path), faultlinePath(to)
	from, ours := faultlineName(int(int32(dirfd)), faultlineString(path))
	target, also := faultlineName(int(int32(todir)), faultlineString(to))
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
		faultlineRenamed(from, target)
	}
	FaultlineSay(kind, 0, 0, []byte(from+"\x00"+target))
	return r1, r2, err
}

// faultlineRenamed has open files follow their names, as relative names of open directories go by them.
func faultlineRenamed(from, to string) {
	for _, f := range faultlineFiles {
		switch {
		case f.name == from:
			f.name = to
		case len(f.name) > len(from) && f.name[:len(from)] == from && f.name[len(from)] == '/':
			f.name = to + f.name[len(from):]
		}
	}
}

// faultlineOnFirst truncates by name, or is about the working directory.
func faultlineOnFirst(trap uintptr, p unsafe.Pointer, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	switch trap {
	case faultlineGetrandom:
		for i := range int(a2) {
			*(*byte)(unsafe.Add(p, i)) = byte(faultlineRand() >> 17)
		}
		return faultlineDone(int(a2))
	case SYS_GETCWD:
		return faultlineGetcwd(p, a2)
	case SYS_CHDIR:
		return faultlineKernel(trap, uintptr(faultlinePath(p)), a2, a3, 0, 0, 0)
	}
	fd, _, err := faultlineOpen(_AT_FDCWD, p, O_RDWR, 0)
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
	FaultlineUnable("make a symbolic link")
	return faultlineFailed(EPERM)
}

// faultlineMapping is memory through which a file is written.
type faultlineMapping struct {
	address, length, off uintptr
	file                 *faultlineFile
}

var faultlineMappings []faultlineMapping

// faultlineMapped notes a mapping. The world compares what is in the file when it has to know: at msync, and at a loss of power.
func faultlineMapped(f *faultlineFile, address, length, off uintptr) {
	faultlineMappings = append(faultlineMappings, faultlineMapping{address, length, off, f})
	FaultlineSay('p', f.id, 0, nil)
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
		if address >= m.address && address < m.address+m.length {
			off := address - m.address + m.off
			return faultlineAwait('M', m.file.id, faultlineRange(uint64(off), uint64(length)))
		}
	}
	return faultlineDone(0)
}

func faultlineRange(off, n uint64) []byte {
	b := make([]byte, 16)
	for i := range 8 {
		b[i], b[8+i] = byte(off>>(8*i)), byte(n>>(8*i))
	}
	return b
}
