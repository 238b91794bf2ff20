package disk

import (
	"cmp"
	"syscall"
)

// sync syncs a file or directory, with the names that the file system syncs with it.
func (v *Volume) sync(f *inode) error { return v.syncBoth(f, v.files.synced(f)) }

// syncData syncs the contents of a file, and no names.
func (v *Volume) syncData(f *inode) error { return v.syncBoth(f, nil) }

// syncBoth syncs the contents of a file, and the names in a journal, if there is one.
func (v *Volume) syncBoth(f *inode, journal *queue[nameChange]) error {
	v.disk.pass()
	return v.startSync(f, journal)()
}

// startSync begins a sync, which covers what was done before. It takes effect when finish ends.
func (v *Volume) startSync(f *inode, journal *queue[nameChange]) (finish func() error) {
	contents, names := v.ends(f, journal)
	return func() error {
		v.waitForSync()
		d := v.disk
		d.mu.Lock()
		defer d.mu.Unlock()
		if v.files.private {
			return nil
		}
		d.settle() // what was lost before is reported now
		v.syncContents(f, contents)
		lost := f.report()
		if journal == nil {
			return lost
		}
		return cmp.Or(lost, v.syncNames(journal, names))
	}
}

// ends are how far a file's contents and the names in a journal have been changed.
func (v *Volume) ends(f *inode, journal *queue[nameChange]) (contents, names uint64) {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	if journal != nil {
		names = journal.end()
	}
	return f.unsynced.end(), names
}

// syncContents is what a sync does to a file's contents. The caller holds mu.
func (v *Volume) syncContents(file *inode, end uint64) {
	switch f := v.disk.faults.Load(); {
	case f.failing():
		file.fail(end)
	case f.isLying():
		file.unsynced.confirm(end)
	default:
		file.persist(end)
	}
}

// syncNames is what a sync does to names. On a disk that fails they stay in the journal. The caller holds mu.
func (v *Volume) syncNames(journal *queue[nameChange], end uint64) error {
	switch f := v.disk.faults.Load(); {
	case f.failing() && len(journal.upTo(end)) > 0:
		return syscall.EIO
	case f.isLying():
		journal.confirm(end)
	default:
		v.files.persist(journal, end)
	}
	return nil
}
