//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Import puts what is in a real directory on the disk, in place of what there was. All of it is durable. The node is down.
func (d *Disk) Import(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open != nil {
		return errors.New("put files on the disk: a process has it")
	}
	i := imported{tree: newTree(d.config.FileSystem, d.files.pool), files: map[realFile]*inode{}}
	if err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		return i.add(path, filepath.Join(dir, filepath.FromSlash(path)), e)
	}); err != nil {
		return fmt.Errorf("put files on the disk: %w", err)
	}
	i.tree.writeBack()
	d.files = i.tree
	return nil
}

// imported is a tree that is made of real files.
type imported struct {
	tree  *tree
	files map[realFile]*inode
}

func (i imported) add(path, real string, e fs.DirEntry) error {
	at, _, err := i.tree.find(path)
	if err != nil {
		return err
	}
	if e.IsDir() {
		i.tree.add(at, i.tree.newDirectory())
		return nil
	}
	info, err := e.Info()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is neither a file nor a directory", real)
	case i.files[identify(info)] != nil:
		i.tree.change(nameChange{to: at, file: i.files[identify(info)]})
		return nil
	}
	f := &inode{pool: i.tree.pool}
	i.files[identify(info)] = f
	i.tree.add(at, f)
	return f.importFrom(real)
}

// importFrom reads the content of a real file. Pages of zeros become holes.
func (f *inode) importFrom(real string) error {
	b, err := os.ReadFile(real)
	if err != nil {
		return err
	}
	f.cache.truncate(int64(len(b)), f.pool)
	for at := 0; at < len(b); at += pageSize {
		if page := b[at:min(at+pageSize, len(b))]; !f.cache.holds(int64(at), page) {
			f.cache.writeAt(page, int64(at), f.pool)
		}
	}
	f.durable = f.cache.copy()
	return nil
}
