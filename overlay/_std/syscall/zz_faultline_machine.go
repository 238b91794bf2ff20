package syscall

import _ "unsafe"

// FaultlineMachine is what the system calls of a host act on: a directory of the kernel's, whose files are the page cache of the
// machine's disk. A guest is a process with one machine; in the process of a world each host has its own.
type FaultlineMachine struct {
	name string
	root string // the directory, with a slash at the end
	cwd  string // in the process of a world, the working directory below it; of a guest the kernel has it
	say  func(kind byte, id uint32, n uint64, b []byte)
	full func() bool

	output   bool                // the world takes what is printed
	modified map[string]Timespec // when files were changed, by name
	inodes   map[uint64]uint64   // numbers in the order in which they were seen
}

func faultlineNewMachine(name, root string, say func(kind byte, id uint32, n uint64, b []byte), full func() bool) *FaultlineMachine {
	return &FaultlineMachine{name: name, root: root, say: say, full: full, modified: map[string]Timespec{}, inodes: map[uint64]uint64{}}
}

// faultlineOwn is the machine of a guest.
var faultlineOwn *FaultlineMachine

// faultlineMachines are those of the hosts in the process of a world, by number.
var faultlineMachines []*FaultlineMachine

//go:linkname faultlineGetHost runtime.faultlineGetHost
func faultlineGetHost() uint64

// faultlineHere is the machine of whoever calls; nil for code of the world.
//
//go:nosplit
func faultlineHere() *FaultlineMachine {
	if FaultlineGuest {
		return faultlineOwn
	}
	if n := faultlineGetHost(); n < uint64(len(faultlineMachines)) {
		return faultlineMachines[n]
	}
	return nil
}

// FaultlineNewMachine gives a host of this process a machine, with a directory for its files. What is done to them is said
// as a guest would say it, by the goroutine that does it; full reports whether the disk has no room.
func FaultlineNewMachine(host uint64, name, root string, say func(kind byte, id uint32, n uint64, b []byte), full func() bool) *FaultlineMachine {
	faultlineHook()
	for uint64(len(faultlineMachines)) <= host {
		faultlineMachines = append(faultlineMachines, nil)
	}
	m := faultlineNewMachine(name, root+"/", say, full)
	m.cwd = "."
	faultlineMachines[host] = m
	return m
}

// TakeOutput has the world told what the host prints.
func (m *FaultlineMachine) TakeOutput() { m.output = true }

// FaultlineSetJitter sets the delays of the hosts of a process: at place 0 before mutexes, at 1 before system calls.
func FaultlineSetJitter(place int, one, most uint32) { faultlineSetJitter(place, one, most) }

// Shut closes the files of a host that has ended, and ends their mappings, as the kernel does with those of a process.
func (m *FaultlineMachine) Shut() {
	m.unmap() // first, as a mapping keeps the open file, and with it its locks
	for fd, most := 0, faultlineMostDescriptor; fd <= most; fd++ {
		f := faultlineFiles[fd]
		if f == nil || f.machine != m {
			continue
		}
		delete(faultlineFiles, fd)
		_ = Close(fd)
	}
	for i, other := range faultlineMachines {
		if other == m {
			faultlineMachines[i] = nil
		}
	}
}

// FaultlineIsHost says that whoever calls is on a machine of a world.
func FaultlineIsHost() bool { return faultlineHere() != nil }
