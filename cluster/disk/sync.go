package disk

import (
	"cmp"
	"syscall"
)

// sync syncs a file, or for nil the directory. It covers what was done before it began, and takes effect when it ends.
func (v *Volume) sync(file *inode) error {
	v.disk.pass()
	names, contents := v.ends(file)
	v.waitForSync()
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if v.files.private {
		return nil
	}
	d.settle() // what was lost before is reported now
	var lost, notJournaled error
	if file != nil {
		v.syncContents(file, contents)
		lost = file.report()
	}
	if file == nil || v.files.system.journaled() {
		notJournaled = v.syncNames(names)
	}
	return cmp.Or(lost, notJournaled)
}

// ends are how far names and a file's contents have been changed.
func (v *Volume) ends(file *inode) (names, contents uint64) {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	if file != nil {
		contents = file.unsynced.end()
	}
	return v.files.renamed.end(), contents
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
func (v *Volume) syncNames(end uint64) error {
	switch f := v.disk.faults.Load(); {
	case f.failing() && len(v.files.renamed.upTo(end)) > 0:
		return syscall.EIO
	case f.isLying():
		v.files.renamed.confirm(end)
	default:
		v.files.persist(end)
	}
	return nil
}
