package world

import (
	"context"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// Where tracing is refused, at whichever step, the world still runs, and says that a replay may differ.
func TestWithoutTracingAWorldRunsAtBestEffort(t *testing.T) {
	const traceMe, pokeData, setOptions = 0, 5, 0x4200
	for name, request := range map[string]uint32{"trace me": traceMe, "poke": pokeData, "set options": setOptions} {
		t.Run(name, func(t *testing.T) {
			in := Input{Spec: shortSpec(1)}
			in.Spec.TimeLimit = 2e9
			done := make(chan bool)
			go func() { // its thread ends with it, since it stays locked
				defer close(done)
				runtime.LockOSThread()
				if err := refuseTracing(request); err != nil {
					t.Error(err)
					return
				}
				r, err := Run(context.Background(), in, Bounds{})
				if err != nil {
					t.Error(err)
					return
				}
				if r.Replay != ReplayBestEffort || r.History.Len() == 0 {
					t.Errorf("replay %s, %d events", r.Replay, r.History.Len())
				}
			}()
			<-done
		})
	}
}

// refuseTracing has the kernel answer EPERM to one request of ptrace by this thread and its children, as
// containers and hardened machines do.
func refuseTracing(request uint32) error {
	const (
		setNoNewPrivs, setSeccomp, filterMode = 38, 22, 2
		loadWord, jumpEqual, answer           = 0x20, 0x15, 0x06
		allow, refuse                         = 0x7fff0000, 0x00050000 | uint32(syscall.EPERM)
		number, argument0                     = 0, 16 // offsets in struct seccomp_data, little endian
	)
	program := []syscall.SockFilter{
		{Code: loadWord, K: number},
		{Code: jumpEqual, Jf: 3, K: syscall.SYS_PTRACE},
		{Code: loadWord, K: argument0},
		{Code: jumpEqual, Jf: 1, K: request},
		{Code: answer, K: refuse},
		{Code: answer, K: allow},
	}
	filter := syscall.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, setNoNewPrivs, 1, 0, 0, 0, 0); e != 0 {
		return fmt.Errorf("no new privileges: %w", e)
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, setSeccomp, filterMode, uintptr(unsafe.Pointer(&filter))); e != 0 {
		return fmt.Errorf("filter system calls: %w", e)
	}
	return nil
}
