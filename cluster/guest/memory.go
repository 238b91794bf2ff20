package guest

import (
	"errors"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// memory is what a world shares with one of its guests. Either of them runs only while it is its turn, and otherwise waits in the kernel:
// time stands still in the world while a guest works. So what one says lies there until the other has its turn. On the one core
// that they share a turn costs little more than the two switches of the scheduler: when the world wakes a guest it is preempted, or gives
// the core away, and when it runs again its turn has come.
//
// The guest has the same in overlay/_std/syscall.
type memory struct {
	turn   atomic.Uint32    // whose it is
	asleep [2]atomic.Uint32 // which side waits in the kernel, or is about to
	length [2]uint32        // bytes that there are to hear
	bytes  [2][64 << 10]byte
}

// The two who share it, each with the number of the direction in which it hears.
const (
	theGuest, toGuest = 0, 0
	theWorld, toWorld = 1, 1
)

// errGone means that the process has ended.
var errGone = errors.New("the process has ended")

// newMemory returns memory of which it is the world's turn, and the descriptor by which a guest gets it.
func newMemory() (m *memory, fd int, err error) {
	const size = int(unsafe.Sizeof(memory{}))
	if fd, err = unix.MemfdCreate("faultline", unix.MFD_CLOEXEC); err != nil {
		return nil, 0, err
	}
	if err = unix.Ftruncate(fd, int64(size)); err == nil {
		var b []byte
		if b, err = unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err == nil {
			m = (*memory)(unsafe.Pointer(&b[0]))
			m.turn.Store(theWorld)
			return m, fd, nil
		}
	}
	_ = unix.Close(fd)
	return nil, 0, err
}

// free gives the memory back. What the guest has of it stays.
func (m *memory) free() { _ = unix.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(m)), unsafe.Sizeof(*m))) }

// pass lets the guest with that process have its turn, to hear so many bytes, until it is the world's again.
func (m *memory) pass(said, pid int) error {
	m.length[toGuest] = uint32(said)
	m.turn.Store(theGuest)
	if m.asleep[theGuest].Load() != 0 {
		m.wake()
	}
	for i := 0; i < yields && m.turn.Load() != theWorld; i++ {
		_, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	}
	for m.turn.Load() != theWorld {
		m.asleep[theWorld].Store(1)
		late := m.wait()
		m.asleep[theWorld].Store(0)
		if late && ended(pid) && m.turn.Load() != theWorld {
			return errGone
		}
	}
	return nil
}

// yields is how often the world lets the guest run by giving the core away before it waits in the kernel. Mostly the turn is over after the first
// time, and nobody had to put the world to sleep and to wake it. It goes to sleep when others have the core too, or the turn is long.
const yields = 2

// patience is how long, in real time, a guest may run before it is looked whether it has died. The world's time stands still.
const patience = 20 * time.Millisecond

const futexWait, futexWake = 0, 1

// wait waits for the guest to end its turn. It returns early now and then, and says if that is because it is late.
func (m *memory) wait() (late bool) {
	t := unix.NsecToTimespec(int64(patience))
	_, _, err := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&m.turn)), futexWait, theGuest, uintptr(unsafe.Pointer(&t)), 0, 0)
	return err == syscall.ETIMEDOUT
}

// wake wakes the guest, if it waits.
func (m *memory) wake() {
	_, _, _ = unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&m.turn)), futexWake, 1, 0, 0, 0)
}

// ended reports whether a child has ended. It is left to be waited for.
func ended(pid int) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err != nil && err != unix.EINTR || err == nil && info.Signo != 0
}
