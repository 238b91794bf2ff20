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
type store struct {
	db *bbolt.DB
	// syncAfter has it sync after each transaction, for a database that does not by itself.
	syncAfter bool
}

var bucket = []byte("data")

const (
	file    = "bolt.db"
	newFile = "bolt.new"
)

// open opens the database in a directory, and creates it if there is none. bbolt does not create one atomically: what a loss of power
// leaves of it meanwhile it may refuse for ever. So it is made under another name. To make that name durable, bbolt leaves to its
// user.
func open(dir string, o bbolt.Options) (*store, error) {
	if _, err := os.Stat(filepath.Join(dir, file)); errors.Is(err, os.ErrNotExist) {
		if err := create(dir); err != nil {
			return nil, err
		}
	}
	return openFile(dir, o)
}

func openFile(dir string, o bbolt.Options) (*store, error) {
	db, err := bbolt.Open(filepath.Join(dir, file), 0o600, &o)
	return &store{db: db}, err
}

func create(dir string) error {
	if err := os.Remove(filepath.Join(dir, newFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := createFile(dir, newFile); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, newFile), filepath.Join(dir, file)); err != nil {
		return err
	}
	return syncDirectory(dir)
}

// createFile makes a file with an empty bucket.
func createFile(dir, name string) error {
	db, err := bbolt.Open(filepath.Join(dir, name), 0o600, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	return errors.Join(err, db.Close())
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
	err := s.db.Update(func(tx *bbolt.Tx) error {
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
	if err == nil && s.syncAfter {
		err = s.db.Sync()
	}
	return err
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
