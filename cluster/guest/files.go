package guest

import "syscall"

// files are those of a guest.
type files struct {
	guest *Process
}

func (f *files) init(g *Process) { f.guest = g }

// heard does what the guest has said about a file.
func (f *files) heard(kind byte, id uint32, n uint64, b []byte) {
	switch kind {
	case 's', 'M', 'S':
		go func() {
			errno := uint64(0)
			if err := f.guest.machine.Volume().SyncDir(); err != nil {
				errno = uint64(syscall.EIO)
			}
			f.guest.push('s', uint32(n), errno, nil)
		}()
	}
}
