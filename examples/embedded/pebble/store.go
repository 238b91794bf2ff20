// Package pebble has pebble tested by package powerloss. It gives it a file system on a simulated disk.
package pebble

import (
	"errors"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"faultline/powerloss"
)

// store is a database.
type store struct{ db *pebble.DB }

// open opens the database in a directory of a file system. Its memtables are small, so that a few transactions fill them, and tables are written
// and compacted.
func open(dir string, fs vfs.FS) (powerloss.Store, error) {
	db, err := pebble.Open(dir, &pebble.Options{FS: fs, Logger: quiet{}, MemTableSize: 64 << 10, L0CompactionThreshold: 2,
		FormatMajorVersion: pebble.FormatNewest})
	if err != nil {
		return nil, err
	}
	return &store{db}, nil
}

// Commit implements powerloss.Store.
func (s *store) Commit(pairs []powerloss.Pair) error {
	b := s.db.NewBatch()
	for _, p := range pairs {
		err := error(nil)
		if p.Value == nil {
			err = b.Delete([]byte(p.Key), nil)
		} else {
			err = b.Set([]byte(p.Key), p.Value, nil)
		}
		if err != nil {
			return err
		}
	}
	return b.Commit(pebble.Sync)
}

// Read implements powerloss.Store. The checksums of what it reads are checked, and so are the levels.
func (s *store) Read() (pairs []powerloss.Pair, err error) {
	if err := s.db.CheckLevels(nil); err != nil {
		return nil, err
	}
	i, err := s.db.NewIter(nil)
	if err != nil {
		return nil, err
	}
	for ok := i.First(); ok; ok = i.Next() {
		value, err := i.ValueAndErr()
		if err != nil {
			return nil, errors.Join(err, i.Close())
		}
		pairs = append(pairs, powerloss.Pair{Key: string(i.Key()), Value: append([]byte{}, value...)})
	}
	return pairs, errors.Join(i.Error(), i.Close())
}

// Close implements powerloss.Store.
func (s *store) Close() error { return s.db.Close() }

// quiet is a log that nobody reads. What is fatal to pebble ends its process.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, a ...any) {
	pebble.DefaultLogger.Fatalf(format, a...)
}
