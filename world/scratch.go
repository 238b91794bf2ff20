package world

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// scratch is the directory of one world. It is locked while the world lives: a lock ends with its
// process, however that ends, and so tells what a killed one left behind.
type scratch struct {
	dir  string
	lock *os.File
}

const scratchPrefix = "faultline-"

// newScratch makes a directory, in memory where there is such a place. Its name is as long as any
// other's, so that nothing in the world can depend on it.
func newScratch() (*scratch, error) {
	s, err := scratchIn(memory())
	if err != nil && memory() != os.TempDir() {
		s, err = scratchIn(os.TempDir())
	}
	return s, err
}

// memory is a place for files in memory, if there is one.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return os.TempDir()
}

func scratchIn(base string) (*scratch, error) {
	sweep(base)
	name := make([]byte, 8)
	_, _ = rand.Read(name) // never fails
	dir := filepath.Join(base, fmt.Sprintf("%s%x", scratchPrefix, name))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	lock, _ := lockDir(dir) // where there are no locks, nothing is swept up either
	return &scratch{dir, lock}, nil
}

func (s *scratch) remove() {
	_ = os.RemoveAll(s.dir) // what stays is swept up by a later world
	_ = s.lock.Close()      // closing none does nothing
}

// sweepAge is more than the time between a directory's making and its locking.
const sweepAge = 10 * time.Second

// sweep removes what worlds left behind whose parents were killed.
func sweep(base string) {
	left, _ := filepath.Glob(filepath.Join(base, scratchPrefix+"????????????????")) // the pattern is well formed
	for _, dir := range left {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < sweepAge {
			continue
		}
		if lock, err := lockDir(dir); err == nil {
			_ = os.RemoveAll(dir)
			_ = lock.Close()
		}
	}
}
