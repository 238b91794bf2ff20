package main

import (
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	programs["locks"] = locks
	programs["again"] = again
}

// again asks again and again, and never waits.
func again([]string) {
	var mu sync.Mutex
	over := false
	time.AfterFunc(5*time.Millisecond, func() {
		mu.Lock()
		over = true
		mu.Unlock()
	})
	for {
		mu.Lock()
		if over {
			break
		}
		mu.Unlock()
	}
	say("it is over")
}

// locks waits for each kind of lock that another descriptor of the program has for a while.
func locks([]string) {
	for _, kind := range []struct {
		name         string
		take, give   func(f *os.File) error
		takeAtOnce   func(f *os.File) error
		refusedAtAll error
	}{
		{"flock", flock(unix.LOCK_EX), flock(unix.LOCK_UN), flock(unix.LOCK_EX | unix.LOCK_NB), unix.EWOULDBLOCK},
		{"a range", byRange(unix.F_OFD_SETLKW, unix.F_WRLCK), byRange(unix.F_OFD_SETLK, unix.F_UNLCK), byRange(unix.F_OFD_SETLK, unix.F_WRLCK), unix.EAGAIN},
	} {
		mine, others := open(), open()
		must(kind.take(others))
		if err := kind.takeAtOnce(mine); err != kind.refusedAtAll {
			result(kind.name+" that another has", err)
		}
		time.AfterFunc(100*time.Millisecond, func() { must(kind.give(others)) })
		must(kind.take(mine))
		say("%s is ours", kind.name)
		must(mine.Close())
		must(others.Close())
	}
}

func open() *os.File {
	f, err := os.OpenFile("lock", os.O_CREATE|os.O_RDWR, 0o600)
	must(err)
	return f
}

func flock(how int) func(f *os.File) error {
	return func(f *os.File) error { return syscall.Flock(int(f.Fd()), how) }
}

func byRange(command int, kind int16) func(f *os.File) error {
	return func(f *os.File) error {
		return unix.FcntlFlock(f.Fd(), command, &unix.Flock_t{Type: kind, Whence: io.SeekStart})
	}
}
