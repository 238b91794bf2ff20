package main

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// oldNames changes files by system calls that package syscall has no use for.
func oldNames() {
	must(call(unix.SYS_MKDIR, "old", uintptr(0o755)))
	must(call(unix.SYS_CREAT, "old/made", uintptr(0o600)))
	must(callWith(unix.SYS_LINK, "old/made", "old/linked"))
	must(callWith(unix.SYS_RENAME, "/machine/old/made", "old/renamed"))
	must(call(unix.SYS_UNLINK, "old/linked", 0))
	must(call(unix.SYS_ACCESS, "/machine/old/renamed", unix.F_OK))
	result("remove it again", call(unix.SYS_UNLINK, "old/linked", 0))
	must(call(unix.SYS_MKDIR, "old/empty", uintptr(0o755)))
	must(call(unix.SYS_RMDIR, "old/empty", 0))
	result("a symbolic link", callWith(unix.SYS_SYMLINK, "old", "symbolic"))
	list()
}

// call makes a system call with a name and a number, and closes what that opens.
func call(trap uintptr, name string, n uintptr) error {
	p, err := unix.BytePtrFromString(name)
	must(err)
	fd, _, errno := unix.Syscall(trap, uintptr(unsafe.Pointer(p)), n, 0)
	return done(trap == unix.SYS_CREAT, fd, errno)
}

// callWith makes one with two names.
func callWith(trap uintptr, from, to string) error {
	p, err := unix.BytePtrFromString(from)
	must(err)
	q, err := unix.BytePtrFromString(to)
	must(err)
	_, _, errno := unix.Syscall(trap, uintptr(unsafe.Pointer(p)), uintptr(unsafe.Pointer(q)), 0)
	return done(false, 0, errno)
}

func done(opened bool, fd uintptr, errno unix.Errno) error {
	switch {
	case errno != 0:
		return fmt.Errorf("%w", errno)
	case opened:
		return unix.Close(int(fd))
	}
	return nil
}
