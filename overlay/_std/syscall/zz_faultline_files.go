package syscall

import "unsafe"

// faultlineFile is an open file, or directory, below the directory of a machine: on its disk. The kernel's file is the page
// cache; the world is told of each change after it was made there, in order.
type faultlineFile struct {
	machine *FaultlineMachine
	id      uint32
	name    string // from the machine's directory
	flags   int
	open    int // descriptors
	direct  bool
}

var (
	faultlineFiles = map[int]*faultlineFile{} // by descriptor
	faultlineLast  uint32                     // identifier

	faultlineMostDescriptor int // that a file of a machine has had

	faultlineFull    bool                      // there is no room on the guest's disk
	faultlineWaiting = map[uint32]chan Errno{} // for syncs
	faultlineSyncs   uint32
)

// faultlineHookFiles is called when the guest starts.
func faultlineHookFiles() {
	faultlineOwn = faultlineNewMachine("", faultlineRealCwd(), FaultlineSay, func() bool { return faultlineFull })
	faultlineOwn.output = true
	FaultlineHandle('f', func(_ uint32, n uint64, _ []byte) { faultlineFull = n != 0 })
	FaultlineHandle('s', func(id uint32, n uint64, _ []byte) { FaultlineSynced(id, n) })
}

// FaultlineSynced says how the sync of that number has ended: an errno, or 0.
func FaultlineSynced(number uint32, errno uint64) {
	if c := faultlineWaiting[number]; c != nil {
		delete(faultlineWaiting, number)
		c <- Errno(errno)
	}
}

// relative is a name from the machine's directory; false if it is not below it.
func (m *FaultlineMachine) relative(dirfd int, path string) (string, bool) {
	switch {
	case len(path) > 0 && path[0] == '/':
	case dirfd == _AT_FDCWD:
		path = m.realCwd() + path
	default:
		f := faultlineFiles[dirfd]
		if f == nil {
			return "", false
		}
		path = m.root + f.name + "/" + path
	}
	path = faultlineClean(path)
	if path+"/" == m.root {
		return ".", true
	}
	if len(path) <= len(m.root) || path[:len(m.root)] != m.root {
		return "", false
	}
	return path[len(m.root):], true
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

func (m *FaultlineMachine) open(dirfd int, path unsafe.Pointer, flags int, perm uintptr) (r1, r2 uintptr, err Errno) {
	path = m.path(dirfd, path)
	text := faultlineString(path)
	name, ours := m.relative(dirfd, text)
	if !ours {
		if faultlineHidden(text) {
			return faultlineFailed(ENOENT)
		}
		return faultlineKernel(SYS_OPENAT, uintptr(dirfd), uintptr(path), uintptr(flags), perm, 0, 0)
	}
	if flags&faultlineNameless != 0 {
		return faultlineFailed(EOPNOTSUPP)
	}
	if m.full() && flags&O_CREAT != 0 && !faultlineExists(dirfd, path) {
		return faultlineFailed(ENOSPC)
	}
	direct := flags&O_DIRECT != 0 // which a file system in memory may refuse
	r1, r2, err = faultlineKernel(SYS_OPENAT, uintptr(dirfd), uintptr(path), uintptr(flags&^O_DIRECT), perm, 0, 0)
	if err != 0 {
		return r1, r2, err
	}
	faultlineLast++
	f := &faultlineFile{machine: m, id: faultlineLast, name: name, flags: flags, open: 1, direct: direct}
	f.has(int(r1))
	if flags&(O_CREAT|O_TRUNC) != 0 {
		m.touch(name, flags&O_TRUNC != 0)
	}
	m.say('o', f.id, uint64(flags), []byte(name))
	return r1, r2, 0
}

// faultlineNameless is the bit of O_TMPFILE: a file that has no name yet. Not every file system has them.
const faultlineNameless = 0x400000

// has notes a descriptor of the file.
func (f *faultlineFile) has(fd int) {
	faultlineFiles[fd] = f
	faultlineMostDescriptor = max(faultlineMostDescriptor, fd)
}

func faultlineExists(dirfd int, path unsafe.Pointer) bool {
	_, _, err := faultlineKernel(SYS_FACCESSAT, uintptr(dirfd), uintptr(path), 0, 0, 0, 0)
	return err == 0
}

func faultlineClosed(fd int, f *faultlineFile) {
	delete(faultlineFiles, fd)
	if f.open--; f.open == 0 {
		f.machine.say('c', f.id, 0, nil)
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
	if f.machine.full() {
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
	f.machine.touch(f.name, true)
	f.machine.say('b', f.id, uint64(at), unsafe.Slice((*byte)(p), int(r1)))
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

// faultlineResize truncates or allocates. Of fallocate only the size counts: what it reserves or punches reads as zeros. To take a range
// out of a file, or put one in, is what few file systems can.
func faultlineResize(f *faultlineFile, trap, fd, a2, a3, a4 uintptr) (r1, r2 uintptr, err Errno) {
	const punch, zero = 2, 16
	if trap == SYS_FALLOCATE && a2&^(faultlineKeepSize|punch|zero) != 0 {
		return faultlineFailed(EOPNOTSUPP)
	}
	faultlineDelay()
	before := faultlineSize(fd)
	if f.machine.full() && (trap == SYS_FALLOCATE || int64(a2) > before) {
		return faultlineFailed(ENOSPC)
	}
	if trap == SYS_FALLOCATE && a2&^faultlineKeepSize == 0 {
		err = f.reserve(fd, a2, int64(a3), int64(a4))
	} else {
		_, _, err = faultlineKernel(trap, fd, a2, a3, a4, 0, 0)
	}
	if err != 0 {
		return faultlineFailed(err)
	}
	if trap == SYS_FALLOCATE && a2&(punch|zero) != 0 {
		off, n := int64(a3), min(int64(a4), before-int64(a3))
		for n > 0 {
			k := min(n, int64(len(faultlineZeros)))
			f.machine.say('b', f.id, uint64(off), faultlineZeros[:k])
			off, n = off+k, n-k
		}
	}
	f.machine.touch(f.name, true)
	if after := faultlineSize(fd); after != before {
		f.machine.say('t', f.id, uint64(after), nil)
	}
	return faultlineStored(f, 0)
}

const faultlineKeepSize = 1 // mode of fallocate

// reserve does as if the file had room for n more bytes at an offset. To have the kernel find it would take the world memory, and the time to
// fill it with zeros: logs are often made with tens of megabytes.
func (f *faultlineFile) reserve(fd, mode uintptr, off, n int64) Errno {
	switch {
	case off < 0 || n <= 0:
		return EINVAL
	case off+n < 0:
		return EFBIG
	case f.flags&O_ACCMODE == O_RDONLY:
		return EBADF
	case mode == faultlineKeepSize || off+n <= faultlineSize(fd):
		return 0
	}
	_, _, err := faultlineKernel(SYS_FTRUNCATE, fd, uintptr(off+n), 0, 0, 0, 0)
	return err
}

var faultlineZeros [64 << 10]byte

// faultlineSync waits until the world says that what was written before is durable, or what has gone wrong.
func faultlineSync(f *faultlineFile) (r1, r2 uintptr, err Errno) {
	return f.machine.await('s', f.id, nil)
}

// await says what is to be synced, and waits for the end of that.
func (m *FaultlineMachine) await(kind byte, id uint32, b []byte) (r1, r2 uintptr, err Errno) {
	faultlineDelay()
	faultlineSyncs++
	done := make(chan Errno, 1)
	faultlineWaiting[faultlineSyncs] = done
	m.say(kind, id, uint64(faultlineSyncs), b)
	if err = <-done; err != 0 {
		return faultlineFailed(err)
	}
	return faultlineDone(0)
}
