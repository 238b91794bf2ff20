package world

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// pinned runs a process whose Go runtime has no source of randomness or time-sharing left that the seed
// does not decide:
//
//   - AT_RANDOM, the 16 bytes from which the runtime seeds select, map iteration and timer ties, is
//     overwritten between exec and the first instruction;
//   - the first thread that the process clones is the runtime's sysmon; it is never resumed, so nothing
//     takes the processor away from a goroutine that is slow or in a system call.
//
// GOMAXPROCS=1, asyncpreemptoff=1 and GOGC=off, in its environment, do the rest. It needs no privilege:
// a parent may trace its own child. All of it happens on one thread, because ptrace belongs to a thread.
func pinned(seed uint64) supervise {
	return func(cmd *exec.Cmd, started func(*os.Process)) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		dieTogether(cmd) // should we be killed before the process is traced
		cmd.SysProcAttr.Ptrace = true
		// What the process says goes through a file: exec's own pipes end with cmd.Wait, which would
		// reap the process before the tracer does.
		out, err := os.CreateTemp("", "faultline-said") // and not in the world's directory: that may be full, which it has to say
		if err != nil {
			return err
		}
		defer out.Close()
		if err := os.Remove(out.Name()); err != nil {
			return err
		}
		said := cmd.Stderr
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			// If tracing is not what it failed for, it fails untraced too, and that error counts.
			return fmt.Errorf("%w: %w", errNotPinned, err)
		}
		t := &tracer{pid: cmd.Process.Pid, begun: map[int]bool{}}
		if err := t.attach(seed); err != nil {
			_ = cmd.Process.Kill()
			_ = t.follow()
			return fmt.Errorf("%w: %w", errNotPinned, err)
		}
		started(cmd.Process)
		err = t.follow()
		if err != nil {
			_, _ = io.Copy(said, io.NewSectionReader(out, 0, math.MaxInt64))
		}
		return err
	}
}

// dieTogether has a process killed when the thread that starts it ends. It is in a group of its own, so that a terminal does
// not interrupt it together with us: it would look like a crash.
func dieTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// tracer follows the threads of one process.
type tracer struct {
	pid    int
	sysmon int          // its thread; 0 until it is known
	begun  map[int]bool // threads that had their first stop
}

// attach waits for the stop at exec and prepares the process.
func (t *tracer) attach(seed uint64) error {
	var ws syscall.WaitStatus
	for {
		_, err := syscall.Wait4(t.pid, &ws, 0, nil)
		if err == nil {
			break
		}
		if err != syscall.EINTR {
			return fmt.Errorf("wait for the process to stop: %w", err)
		}
	}
	if !ws.Stopped() {
		return errors.New("the process ended at once")
	}
	if err := pokeRandom(t.pid, seed); err != nil {
		return err
	}
	const exitKill = 0x100000 // PTRACE_O_EXITKILL: the process dies with its tracer
	if err := syscall.PtraceSetOptions(t.pid, syscall.PTRACE_O_TRACECLONE|exitKill); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	if err := syscall.PtraceCont(t.pid, 0); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	return nil
}

// follow resumes threads as they stop, except sysmon, until the process ends.
func (t *tracer) follow() error {
	const noThread = 0x20000000 // __WNOTHREAD: not the children of other workers' threads
	for {
		var ws syscall.WaitStatus
		tid, err := syscall.Wait4(-1, &ws, syscall.WALL|noThread, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("wait for the process: %w", err)
		case tid == t.pid && ws.Exited():
			if ws.ExitStatus() != 0 {
				return fmt.Errorf("exit status %d", ws.ExitStatus())
			}
			return nil
		case tid == t.pid && ws.Signaled():
			return fmt.Errorf("killed by %v", ws.Signal())
		case !ws.Stopped():
			continue
		}
		sig, resume := t.stopped(tid, ws)
		if !resume {
			continue
		}
		if err := syscall.PtraceCont(tid, int(sig)); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("trace: %w", err)
		}
	}
}

// stopped says with which signal a stopped thread goes on, and whether it does.
func (t *tracer) stopped(tid int, ws syscall.WaitStatus) (sig syscall.Signal, resume bool) {
	sig = ws.StopSignal()
	switch {
	case sig == syscall.SIGTRAP && ws.TrapCause() == syscall.PTRACE_EVENT_CLONE:
		if t.sysmon == 0 {
			if id, err := syscall.PtraceGetEventMsg(tid); err == nil {
				t.sysmon = int(id)
			}
		}
		return 0, true
	case sig == syscall.SIGSTOP && tid != t.pid && !t.begun[tid]: // a new thread's first stop
		t.begun[tid] = true
		if t.sysmon == 0 { // its stop may arrive before its parent's event
			t.sysmon = tid
		}
		return 0, tid != t.sysmon
	case sig == syscall.SIGINT || sig == syscall.SIGTERM: // for all of us; whether the world ends is ours to say
		return 0, true
	default:
		return sig, true
	}
}

// pokeRandom overwrites the 16 bytes that AT_RANDOM points to.
func pokeRandom(pid int, seed uint64) error {
	const atRandom = 25
	aux, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", pid))
	if err != nil {
		return err
	}
	for i := 0; i+16 <= len(aux); i += 16 {
		if binary.LittleEndian.Uint64(aux[i:]) != atRandom {
			continue
		}
		var b [16]byte
		binary.LittleEndian.PutUint64(b[:8], seed^0x6a09e667f3bcc908) // never all zero: the runtime would ask the system
		binary.LittleEndian.PutUint64(b[8:], seed^0x9e3779b97f4a7c15)
		_, err := syscall.PtracePokeData(pid, uintptr(binary.LittleEndian.Uint64(aux[i+8:])), b[:])
		return err
	}
	return errors.New("no AT_RANDOM in the process's auxiliary vector")
}
