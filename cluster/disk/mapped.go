package disk

import (
	"io"
	"math"
	"syscall"

	"faultline/cluster/scheduler"
)

// WriteMapped takes for written what a process wrote through a shared memory map of the file, which nobody reports: all pages
// between two offsets that are not the same in the real file behind the map. It returns how many those are. They are not
// synced, and their order is drawn, because the kernel writes back the pages of a map in any order.
//
// Msync is this and Sync. For a Sync of the whole file, and before a PowerLoss, it is called for all that is mapped.
func (f *File) WriteMapped(real io.ReaderAt, off, n int64) (pages int, err error) {
	defer scheduler.Call().Leave()
	err = f.do("write", func() error {
		switch {
		case f.file.dir != nil:
			return syscall.EBADF
		case off < 0 || n < 0 || off > math.MaxInt64-n:
			return syscall.EINVAL
		}
		var written []change
		recorded := !f.volume.files.private
		err := f.file.cache.compare(real, off, off+n, f.volume.disk.readBuffer(), func(at int64, b []byte) {
			written = append(written, change{kind: write, off: at, data: f.file.pool.copyOf(b)})
		})
		if err != nil {
			return err
		}
		if recorded {
			f.volume.disk.config.FaultRand.Shuffle(len(written), func(i, j int) { written[i], written[j] = written[j], written[i] })
		}
		for _, c := range written {
			f.file.change(c, recorded)
			f.file.pool.takeBackBuffer(c.data)
		}
		pages = len(written)
		return nil
	})
	if pages > 0 {
		f.volume.changed("write %d pages of %s through a map", pages, f.name)
	}
	return pages, err
}
