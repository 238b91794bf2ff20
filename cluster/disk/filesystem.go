package disk

import "time"

// FileSystem says what a disk promises of what was not synced. In all of them a crash of the process loses nothing, and a
// sync makes durable, when it ends and only if it succeeds, what was written before it began.
type FileSystem uint8

const (
	// Ext4 is ext4 as Linux mounts it by default, with ordered data. Changes of names are journaled: any sync makes all of
	// them durable, and so do five seconds. Contents are written back after thirty seconds. A file that is renamed over
	// another has its contents written back with the name; one that is renamed to a new name may be found empty. Of what
	// is younger a loss of power leaves a prefix of the changes of names, and of the changes of each file, both drawn. The
	// first write that is lost may be torn: whole sectors of it are there.
	Ext4 FileSystem = iota
	// Strict is harsh. It promises what POSIX does: a name is durable once the directory that it is in was synced, and not
	// before. That goes for the name of a directory too, and what is in a directory that is lost is lost with it. To go from one
	// directory to another a file needs a sync of both: it has both names after a sync of the new one, and none after one
	// of the old. Nothing is written back by itself, and no name waits for contents. Of contents a drawn prefix is left,
	// as on Ext4.
	Strict
	// Lazy is harsh, as LazyFS is: names are durable at once, and contents when they are synced. All that was not is lost.
	Lazy
	// Unordered is Ext4 without its order of contents: pages of a file are written back in any order, as Linux and drives do. A
	// loss of power leaves of each page a prefix of its changes that is drawn for it alone, so that a later write may be there
	// and an earlier one not. A change of size that is no write waits for what was written to the file before.
	Unordered
)

var fileSystemNames = [...]string{Ext4: "ext4", Strict: "strict", Lazy: "lazy", Unordered: "unordered"}

// FileSystems are all that there are.
func FileSystems() []FileSystem { return []FileSystem{Ext4, Strict, Lazy, Unordered} }

func (s FileSystem) String() string { return fileSystemNames[s] }

const (
	sector = 512 // bytes that are written whole or not at all

	namesWait    = 5 * time.Second  // ext4's commit interval
	contentsWait = 30 * time.Second // vm.dirty_expire_centisecs
)

// journaled reports whether the file system makes names and contents durable by itself.
func (s FileSystem) journaled() bool { return s == Ext4 || s == Unordered }
