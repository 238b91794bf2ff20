// Package bbolt has bbolt tested by package powerloss.
package bbolt

import (
	"errors"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"faultline/powerloss"
)

// store is a database with one bucket.
type store struct{ db *bbolt.DB }

var bucket = []byte("data")

const (
	file    = "bolt.db"
	newFile = "bolt.new"
)

// open opens the database in a directory, and creates it if there is none. bbolt does not create one atomically: what a loss of power
// leaves of it meanwhile it may refuse for ever. So it is made under another name.
func open(dir string, o bbolt.Options) (powerloss.Store, error) {
	if _, err := os.Stat(filepath.Join(dir, file)); errors.Is(err, os.ErrNotExist) {
		if err := create(dir, o); err != nil {
			return nil, err
		}
	}
	return openFile(dir, file, o)
}

func openFile(dir, name string, o bbolt.Options) (*store, error) {
	db, err := bbolt.Open(filepath.Join(dir, name), 0o600, &o)
	if err != nil {
		return nil, err
	}
	return &store{db}, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
}

// create makes a database. To make its name durable, bbolt leaves to its user.
func create(dir string, o bbolt.Options) error {
	from, to := filepath.Join(dir, newFile), filepath.Join(dir, file)
	if err := os.Remove(from); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s, err := openFile(dir, newFile, o)
	if err == nil {
		err = s.Close()
	}
	if err == nil {
		err = os.Rename(from, to)
	}
	if err == nil {
		err = syncDirectory(dir)
	}
	return err
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Commit implements powerloss.Store.
func (s *store) Commit(pairs []powerloss.Pair) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		for _, p := range pairs {
			err := error(nil)
			if p.Value == nil {
				err = b.Delete([]byte(p.Key))
			} else {
				err = b.Put([]byte(p.Key), p.Value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Read implements powerloss.Store. It checks that each page of the file is free or in use, and not both.
func (s *store) Read() (pairs []powerloss.Pair, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		errs := []error{tx.Bucket(bucket).ForEach(func(k, v []byte) error {
			pairs = append(pairs, powerloss.Pair{Key: string(k), Value: append([]byte{}, v...)})
			return nil
		})}
		for err := range tx.Check() {
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	return pairs, err
}

// Close implements powerloss.Store.
func (s *store) Close() error { return s.db.Close() }
