package build

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// programsDir is where programs of that digest are.
func programsDir(cache, digest string) string { return filepath.Join(cache, "programs", digest) }

// keep puts programs under the digest of what is in them, unless they are there, and returns the record of their build. The store may
// be a part of the world's program.
func (b *Builder) keep(p Plan, store, world string) (Record, error) {
	r, err := recordOf(p, store)
	if err != nil {
		return r, err
	}
	if r.Digest, err = digest(store, world); err != nil {
		return r, err
	}
	b.prune(r.Digest)
	dir := programsDir(b.cache, r.Digest)
	if _, err := os.Stat(dir); err == nil {
		now := time.Now()
		return r, os.Chtimes(dir, now, now) // see prune
	}
	fresh, err := os.MkdirTemp(b.cache, "fresh")
	if err != nil {
		return r, fmt.Errorf("keep what was built: %w", err)
	}
	defer os.RemoveAll(fresh)
	err = errors.Join(copyFile(world, filepath.Join(fresh, World)), os.MkdirAll(filepath.Dir(dir), 0o755))
	if store != world {
		err = errors.Join(err, copyFile(store, filepath.Join(fresh, Store)))
	}
	if err == nil {
		err = os.Rename(fresh, dir)
	}
	if err != nil {
		return r, fmt.Errorf("keep what was built: %w", err)
	}
	return r, nil
}

// digest is the beginning of the SHA-256 of files.
func digest(files ...string) (string, error) {
	sum := sha256.New()
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read what was built: %w", err)
		}
		_, err = io.Copy(sum, f)
		_ = f.Close()
		if err != nil {
			return "", fmt.Errorf("read what was built: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// copyFile copies a program.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// unused is how long programs are kept that nobody has built again.
const unused = 30 * 24 * time.Hour

// prune removes programs that were not used for long, as they are some fifty megabytes each.
func (b *Builder) prune(but string) {
	dir := programsDir(b.cache, "")
	all, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return // what stays costs only space
	}
	for _, e := range all {
		if info, err := e.Info(); err == nil && e.Name() != but && time.Since(info.ModTime()) > unused {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// patience is how long something may take before a person is told what it is.
const patience = time.Second

// slowly does something, and says what, if it takes a while.
func (b *Builder) slowly(what string, do func() error) error {
	told := make(chan struct{})
	timer := time.AfterFunc(patience, func() {
		defer close(told)
		fmt.Fprintf(b.progress, "%s …\n", what)
	})
	err := do()
	if !timer.Stop() {
		<-told
	}
	return err
}
