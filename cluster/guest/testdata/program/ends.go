package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"plugin"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	programs["exit"] = func([]string) { fmt.Println("goodbye"); os.Exit(3) }
	programs["return"] = func([]string) { fmt.Println("done") }
	programs["panic"] = func([]string) {
		time.Sleep(time.Second)
		go func() { panic("the store is on fire") }()
		select {}
	}
	programs["limits"] = limits
	programs["pipe"] = func([]string) {
		_, _, err := os.Pipe()
		must(err)
	}
	programs["spin"] = func([]string) {
		time.Sleep(time.Second)
		spin()
	}
	programs["block"] = func([]string) {
		time.Sleep(time.Second)
		must(syscall.Mkfifo("fifo", 0o600))
		_, err := os.ReadFile("fifo")
		must(err)
	}
	programs["signals"] = signals
	programs["atomically"] = atomically
}

func spin() {
	for n := 0; ; n++ {
		if n < 0 {
			fmt.Println("never")
		}
	}
}

// limits tries what cannot be in a world. It goes on.
func limits([]string) {
	_, err := exec.Command("/bin/true").Output()
	result("start a process", err)
	_, _, err = os.Pipe()
	result("a pipe", err)
	_, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	result("a socket", err)
	_, err = unix.InotifyInit1(0)
	result("inotify", err)
	_, err = unix.EpollCreate1(0)
	result("epoll", err)
	_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0)
	result("io_uring", errno)
	_, err = plugin.Open("some.so")
	result("a plugin", err)
	result("sleep in the kernel", syscall.Nanosleep(&syscall.Timespec{Sec: 1}, nil))
	result("become another program", syscall.Exec("/bin/true", nil, nil))
	self, err := os.FindProcess(os.Getpid())
	must(err)
	result("a signal to itself", self.Signal(syscall.SIGTERM))
	fmt.Println("goes on")
	time.Sleep(time.Hour)
}

// signals waits for one that nobody sends.
func signals([]string) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	select {
	case <-c:
		fmt.Println("a signal")
	case <-time.After(time.Second):
		fmt.Println("no signal")
	}
}

// atomically writes a file and renames it over another, for ever, as many stores do.
func atomically([]string) {
	b, err := os.ReadFile("state")
	_, left := os.Stat("state.new")
	fmt.Printf("found %q, a new one: %v\n", b, left == nil)
	must(os.WriteFile("state", []byte("old"), 0o600))
	if err != nil {
		time.Sleep(100 * time.Millisecond)
	}
	f, err := os.Create("state.new")
	must(err)
	_, err = f.WriteString("new")
	must(err)
	must(f.Sync())
	fmt.Println("synced")
	must(f.Close())
	must(os.Rename("state.new", "state"))
	fmt.Println("renamed")
	time.Sleep(time.Hour)
}
