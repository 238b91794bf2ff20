package build

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// Pack returns programs that were built, as a file that Unpack takes on another machine.
func Pack(dir string) ([]byte, error) {
	var packed bytes.Buffer
	compressed, err := zstd.NewWriter(&packed)
	if err != nil {
		return nil, err
	}
	archive := tar.NewWriter(compressed)
	for _, name := range []string{World, Store} {
		program, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) && name == Store {
			continue // it is inside the world's program
		}
		if err == nil {
			err = archive.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(program))})
		}
		if err == nil {
			_, err = archive.Write(program)
		}
		if err != nil {
			return nil, fmt.Errorf("pack the programs in %s: %w", dir, err)
		}
	}
	err = errors.Join(archive.Close(), compressed.Close())
	return packed.Bytes(), err
}

// Unpack puts programs that Pack has packed where Find finds them by their digest. It refuses others than those of that digest.
func Unpack(digest string, packed []byte) error {
	cache, err := cacheDir()
	if err == nil {
		err = unpack(cache, digest, packed)
	}
	if err != nil {
		return fmt.Errorf("unpack the programs %s: %w", digest, err)
	}
	return nil
}

func unpack(cache, want string, packed []byte) error {
	dir := programsDir(cache, want)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(cache, "fresh")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := extract(fresh, packed); err != nil {
		return err
	}
	world, store := filepath.Join(fresh, World), filepath.Join(fresh, Store)
	if _, err := os.Stat(store); err != nil {
		store = world
	}
	got, err := digest(store, world)
	switch {
	case err != nil:
		return err
	case got != want:
		return fmt.Errorf("they are others: their digest is %s", got)
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, os.ErrExist) { // another has unpacked them meanwhile
		return err
	}
	return nil
}

// extract writes the two programs, and nothing else that may be in there.
func extract(dir string, packed []byte) error {
	decompressed, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	defer decompressed.Close()
	archive := tar.NewReader(decompressed)
	for {
		h, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Name != World && h.Name != Store {
			return fmt.Errorf("there is %q among them", h.Name)
		}
		f, err := os.OpenFile(filepath.Join(dir, h.Name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, archive)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
}
