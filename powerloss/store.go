package powerloss

import "faultline/cluster/disk"

// Store is an embedded store that is open. It is used by one goroutine at a time.
type Store interface {
	// Commit does everything in one transaction, and returns nil once the store promises that it is durable.
	Commit([]Pair) error
	// Read returns everything, in the store's own order of keys, which is to be that of their bytes, after whatever the store can
	// check of itself.
	Read() ([]Pair, error)
	// Close gives the store up in peace.
	Close() error
}

// Pair is a key and its value. In a transaction a pair whose value is nil deletes the key.
type Pair struct {
	Key   string
	Value []byte
}

// Config says what is tested, and how much. One of OnVolume and InDirectory is given: it opens the store, or creates it if there
// is none.
type Config struct {
	// OnVolume opens a store that takes its file system from its user. The store begins at the root of the volume.
	OnVolume func(*disk.Volume) (Store, error)
	// InDirectory opens a store that has real files. It is called in the process of the test, and in a program that is the test
	// again, built with the overlay; there the directory is ".". So a test has one Config with it, and a subtest another.
	InDirectory func(dir string) (Store, error)

	FileSystems  []disk.FileSystem // all unless said otherwise; each in its turn
	Losses       int               // of power: 500 unless said otherwise
	Transactions int               // of one life of the store: 10 unless said otherwise
	Seed         uint64            // 1 unless said otherwise
}

func (c Config) withDefaults() Config {
	if len(c.FileSystems) == 0 {
		c.FileSystems = []disk.FileSystem{disk.Unordered, disk.Lazy, disk.Strict, disk.Ext4} // what finds most comes first
	}
	if c.Losses == 0 {
		c.Losses = 500
	}
	if c.Transactions == 0 {
		c.Transactions = 10
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	return c
}
