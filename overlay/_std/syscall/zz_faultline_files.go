package syscall

import "unsafe"

// faultlineFile is an open file, or directory, below the directory in which the guest started: its machine's disk. The kernel's file
// is the page cache; the world is told of each change after it was made there, in order.
type faultlineFile struct {
	id     uint32
	name   string // from the guest's directory
	flags  int
	open   int // descriptors
	direct bool
}

var (
	faultlineFiles = map[int]*faultlineFile{} // by descriptor
	faultlineLast  uint32                     // identifier
	faultlineRoot  string                     // the guest's directory, with a slash at the end

	faultlineFull    bool                      // there is no room on the disk
	faultlineWaiting = map[uint32]chan Errno{} // for syncs
	faultlineSyncs   uint32
)

// faultlineHookFiles is called when the guest starts.
func faultlineHookFiles() {
	faultlineRoot = faultlineRealCwd()
	FaultlineHandle('f', func(_ uint32, n uint64, _ []byte) { faultlineFull = n != 0 })
	FaultlineHandle('s', func(id uint32, n uint64, _ []byte) {
		if c := faultlineWaiting[id]; c != nil {
			delete(faultlineWaiting, id)
			c <- Errno(n)
		}
	})
}

// faultlineName is a name from the guest's directory; false if it is not below it.
func faultlineName(dirfd int, path string) (string, bool) {
	switch {
	case len(path) > 0 && path[0] == '/':
	case dirfd == _AT_FDCWD:
		path = faultlineRealCwd() + path
	default:
		f := faultlineFiles[dirfd]
		if f == nil {
			return "", false
		}
		path = faultlineRoot + f.name + "/" + path
	}
	path = faultlineClean(path)
	if path+"/" == faultlineRoot {
		return ".", true
	}
	if len(path) <= len(faultlineRoot) || path[:len(faultlineRoot)] != faultlineRoot {
		return "", false
	}
	return path[len(faultlineRoot):], true
}

// faultlineClean removes dots and doubled slashes from an absolute path.
func faultlineClean(path string) string {
	var parts []string
	for i := 0; i < len(path); {
		k := i
		for k < len(path) && path[k] != '/' {
			k++
		}
		switch part := path[i:k]; part {
		case "", ".":
		case "..":
			parts = parts[:max(0, len(parts)-1)]
		default:
			parts = append(parts, part)
		}
		i = k + 1
	}
	clean := ""
	for _, part := range parts {
		clean += "/" + part
	}
	return clean
}

func faultlineOpen(dirfd int, path unsafe.Pointer, flags int, perm uintptr) (r1, r2 uintptr, err Errno) {
	path = faultlinePath(path)
	name, ours := faultlineName(dirfd, faultlineString(path))
	if !ours {
		return faultlineKernel(SYS_OPENAT, uintptr(dirfd), uintptr(path), uintptr(flags), perm, 0, 0)
	}
	if faultlineFull && flags&O_CREAT != 0 && !faultlineExists(dirfd, path) {
		return faultlineFailed(ENOSPC)
	}
	direct := flags&O_DIRECT != 0 // which a file system in memory may refuse
	r1, r2, err = faultlineKernel(SYS_OPENAT, uintptr(dirfd), uintptr(path), uintptr(flags&^O_DIRECT), perm, 0, 0)
	if err != 0 {
		return r1, r2, err
	}
	faultlineLast++
	f := &faultlineFile{id: faultlineLast, name: name, flags: flags, open: 1, direct: direct}
	faultlineFiles[int(r1)] = f
	if flags&(O_CREAT|O_TRUNC) != 0 {
		faultlineTouch(name, flags&O_TRUNC != 0)
	}
	FaultlineSay('o', f.id, uint64(flags), []byte(name))
	return r1, r2, 0
}

func faultlineExists(dirfd int, path unsafe.Pointer) bool {
	_, _, err := faultlineKernel(SYS_FACCESSAT, uintptr(dirfd), uintptr(path), 0, 0, 0, 0)
	return err == 0
}

func faultlineClosed(fd int, f *faultlineFile) {
	delete(faultlineFiles, fd)
	if f.open--; f.open == 0 {
		FaultlineSay('c', f.id, 0, nil)
	}
}

// faultlineSize is how long a file is.
func faultlineSize(fd uintptr) int64 {
	var st Stat_t
	if e := Fstat(int(fd), &st); e != nil {
		return 0
	}
	return st.Size
}

// faultlineStore writes to a file, and tells what.
func faultlineStore(f *faultlineFile, trap, fd uintptr, p unsafe.Pointer, n, off uintptr) (r1, r2 uintptr, err Errno) {
	faultlineDelay()
	if faultlineFull {
		at := int64(off)
		if trap == SYS_WRITE {
			at = faultlinePosition(f, fd)
		}
		if at+int64(n) > faultlineSize(fd) {
			return faultlineFailed(ENOSPC)
		}
	}
	r1, r2, err = faultlineKernel(trap, fd, uintptr(p), n, off, 0, 0)
	if err != 0 || r1 == 0 {
		return r1, r2, err
	}
	at := int64(off)
	if trap == SYS_WRITE {
		at, _ = Seek(int(fd), 0, 1)
		at -= int64(r1)
	}
	faultlineTouch(f.name, true)
	FaultlineSay('b', f.id, uint64(at), unsafe.Slice((*byte)(p), int(r1)))
	return faultlineStored(f, r1)
}

func faultlinePosition(f *faultlineFile, fd uintptr) int64 {
	if f.flags&O_APPEND != 0 {
		return faultlineSize(fd)
	}
	at, _ := Seek(int(fd), 0, 1)
	return at
}

// faultlineStored ends a write: one that is to be durable when it returns waits until it is.
func faultlineStored(f *faultlineFile, n uintptr) (r1, r2 uintptr, err Errno) {
	if f.direct || f.flags&(O_SYNC|O_DSYNC) != 0 {
		if _, _, err := faultlineSync(f); err != 0 {
			return faultlineFailed(err)
		}
	}
	return n, 0, 0
}

func faultlineStoreVector(f *faultlineFile, trap, fd uintptr, p unsafe.Pointer, count, off uintptr) (r1, r2 uintptr, err Errno) {
	var all []byte
	for _, v := range unsafe.Slice((*Iovec)(p), int(count)) {
		all = append(all, unsafe.Slice(v.Base, int(v.Len))...)
	}
	if len(all) == 0 {
		return faultlineDone(0)
	}
	if trap == SYS_WRITEV {
		return faultlineStore(f, SYS_WRITE, fd, unsafe.Pointer(&all[0]), uintptr(len(all)), 0)
	}
	return faultlineStore(f, SYS_PWRITE64, fd, unsafe.Pointer(&all[0]), uintptr(len(all)), off)
}

// faultlineResize truncates or allocates. Of fallocate only the size counts: what it reserves or punches reads as zeros.
func faultlineResize(f *faultlineFile, trap, fd, a2, a3, a4 uintptr) (r1, r2 uintptr, err Errno) {
	faultlineDelay()
	before := faultlineSize(fd)
	if faultlineFull && (trap == SYS_FALLOCATE || int64(a2) > before) {
		return faultlineFailed(ENOSPC)
	}
	r1, r2, err = faultlineKernel(trap, fd, a2, a3, a4, 0, 0)
	if err != 0 {
		return r1, r2, err
	}
	const punch, zero = 2, 16
	if trap == SYS_FALLOCATE && a2&(punch|zero) != 0 {
		off, n := int64(a3), min(int64(a4), before-int64(a3))
		for n > 0 {
			k := min(n, int64(len(faultlineZeros)))
			FaultlineSay('b', f.id, uint64(off), faultlineZeros[:k])
			off, n = off+k, n-k
		}
	}
	faultlineTouch(f.name, true)
	if after := faultlineSize(fd); after != before {
		FaultlineSay('t', f.id, uint64(after), nil)
	}
	return faultlineStored(f, r1)
}

var faultlineZeros [64 << 10]byte

// faultlineSync waits until the world says that what was written before is durable, or what has gone wrong.
func faultlineSync(f *faultlineFile) (r1, r2 uintptr, err Errno) {
	return faultlineAwait('s', f.id, nil)
}

func faultlineSyncAll() (r1, r2 uintptr, err Errno) {
	_, _, _ = faultlineAwait('S', 0, nil)
	return faultlineDone(0)
}

func faultlineAwait(kind byte, id uint32, b []byte) (r1, r2 uintptr, err Errno) {
	faultlineDelay()
	faultlineSyncs++
	done := make(chan Errno, 1)
	faultlineWaiting[faultlineSyncs] = done
	FaultlineSay(kind, id, uint64(faultlineSyncs), b)
	if err = <-done; err != 0 {
		return faultlineFailed(err)
	}
	return faultlineDone(0)
}
