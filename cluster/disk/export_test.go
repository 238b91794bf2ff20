//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// onPath is one thing that a process does with paths.
type onPath struct {
	What     string
	Path, To string
}

func drawOnPath(t *rapid.T) onPath {
	paths := rapid.SampledFrom([]string{".", "a", "b", "a/x", "a/y", "b/x", "a/x/1", "b/x/1", "a/x/1/deep"})
	return onPath{
		What: rapid.SampledFrom([]string{"mkdir", "mkdir", "write", "write", "truncate", "remove", "rename", "rename", "link", "list", "stat"}).Draw(t, "what"),
		Path: paths.Draw(t, "path"),
		To:   paths.Draw(t, "to"),
	}
}

// TestPathsAreThoseOfTheOperatingSystem: whatever is done with them has the same effect and the same error on a disk and in a
// real directory, and a disk that is exported is the same as that directory.
func TestPathsAreThoseOfTheOperatingSystem(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(drawOnPath), 1, 60).Draw(rt, "steps")
		d := newDisk(Ext4, 1)
		v := start(t, d)
		defer v.Close()
		real, exported := t.TempDir(), t.TempDir()
		for i, s := range steps {
			wanted, err := s.really(real)
			got, errGot := s.onDisk(v)
			if fmt.Sprint(cause(errGot), got) != fmt.Sprint(cause(err), wanted) {
				rt.Fatalf("step %d: %s: %v on the disk, and %v really", i, got, errGot, err)
			}
			if i%7 != 0 && i+1 < len(steps) {
				continue
			}
			check(t, d.Export(exported))
			if got, want := inDirectory(t, exported), inDirectory(t, real); got != want {
				rt.Fatalf("after step %d %v there is exported\n%s\nand really\n%s", i, s, got, want)
			}
		}
	})
}

// cause is the number of an error of the operating system.
func cause(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return err
}

// really does it in a real directory, by the system calls, and returns what there is to see.
func (s onPath) really(dir string) (seen string, err error) {
	path, to := dir+"/"+s.Path, dir+"/"+s.To
	switch s.What {
	case "mkdir":
		return "", syscall.Mkdir(path, 0o700)
	case "write", "truncate":
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return "", err
		}
		defer f.Close()
		if s.What == "truncate" {
			return "", f.Truncate(100)
		}
		_, err = f.WriteAt([]byte(s.To), int64(5000*len(s.Path)))
		return "", err
	case "remove":
		if i, err := os.Lstat(path); err == nil && i.IsDir() {
			return "", syscall.Rmdir(path)
		}
		return "", syscall.Unlink(path)
	case "rename":
		return "", syscall.Rename(path, to)
	case "link":
		return "", syscall.Link(path, to)
	case "list":
		found, err := os.ReadDir(path)
		for _, e := range found {
			seen += e.Name() + " "
		}
		return seen, err
	default:
		i, err := os.Stat(path)
		if err != nil || i.IsDir() {
			return "directory", err
		}
		return fmt.Sprint(i.Size()), nil
	}
}

func (s onPath) onDisk(v *Volume) (seen string, err error) {
	switch s.What {
	case "mkdir":
		return "", v.Mkdir(s.Path)
	case "write", "truncate":
		f, err := v.OpenFile(s.Path, os.O_RDWR|os.O_CREATE)
		if err != nil {
			return "", err
		}
		defer f.Close()
		if s.What == "truncate" {
			return "", f.Truncate(100)
		}
		_, err = f.WriteAt([]byte(s.To), int64(5000*len(s.Path)))
		return "", err
	case "remove":
		return "", v.Remove(s.Path)
	case "rename":
		return "", v.Rename(s.Path, s.To)
	case "link":
		return "", v.Link(s.Path, s.To)
	case "list":
		found, err := v.List(s.Path)
		for _, name := range found {
			seen += name + " "
		}
		return seen, err
	default:
		i, err := v.Stat(s.Path)
		if err != nil || i.Dir {
			return "directory", err
		}
		return fmt.Sprint(i.Size), nil
	}
}

// inDirectory renders a real directory. Names of one file have the same number.
func inDirectory(t *testing.T, dir string) string {
	var out strings.Builder
	numbers := map[realFile]int{}
	check(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if e.IsDir() {
			fmt.Fprintf(&out, "%s/\n", name)
			return nil
		}
		i, err := e.Info()
		check(t, err)
		if _, ok := numbers[identify(i)]; !ok {
			numbers[identify(i)] = len(numbers)
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(&out, "%s: file %d: %s\n", name, numbers[identify(i)], show(b))
		return err
	}))
	return out.String()
}

// TestWhatALossOfPowerLeftIsExported, over what processes saw before, and read back as the same disk.
func TestWhatALossOfPowerLeftIsExported(t *testing.T) {
	for _, system := range FileSystems() {
		t.Run(system.String(), func(t *testing.T) {
			for seed := range uint64(50) {
				synctest.Test(t, func(t *testing.T) {
					d, dir := newDisk(system, seed), t.TempDir()
					for range 3 {
						v := start(t, d)
						for _, s := range scribble(seed) {
							_, _ = s.onDisk(v) // some of it cannot be done
						}
						check(t, v.SyncDir("."))
						check(t, v.PowerLoss())
						check(t, d.Export(dir))
						again := newDisk(system, seed)
						check(t, again.Import(dir))
						expect(t, "the disk that is read back", files(again), files(d))
						check(t, start(t, again).PowerLoss())
						expect(t, "what is durable of it", files(again), files(d))
					}
				})
			}
		})
	}
}

// scribble is some steps with paths.
func scribble(seed uint64) (steps []onPath) {
	return rapid.SliceOfN(rapid.Custom(drawOnPath), 40, 40).Example(int(seed))
}

// TestHolesStayHoles, and what was written where one is to be becomes one again.
func TestHolesStayHoles(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		const size = 1 << 26
		v, dir := start(t, d), t.TempDir()
		f := create(t, v, "sparse", "begin")
		check(t, f.Truncate(size))
		check(t, f.Sync())
		check(t, v.Close())
		path := filepath.Join(dir, "sparse")
		check(t, os.WriteFile(path, make([]byte, 1<<20), 0o640))
		real, err := os.OpenFile(path, os.O_WRONLY, 0)
		check(t, err)
		_, err = real.WriteAt([]byte("unsynced"), 1<<19)
		check(t, err)
		check(t, real.Close())

		check(t, d.Export(dir))
		i, err := os.Stat(path)
		check(t, err)
		if used := i.Sys().(*syscall.Stat_t).Blocks * 512; i.Size() != size || used > 1<<16 {
			t.Errorf("it is %d bytes long and takes %d", i.Size(), used)
		}
		expect(t, "whose file it is", i.Mode().String(), "-rw-r-----")
	})
}

// TestOnlyFilesAndDirectoriesAreImported, while the node is down.
func TestOnlyFilesAndDirectoriesAreImported(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Symlink("nowhere", filepath.Join(dir, "link")))
	d := newDisk(Ext4, 1)
	err := d.Import(dir)
	expect(t, "a link", fmt.Sprint(err), "put files on the disk: "+dir+"/link is neither a file nor a directory")
	start(t, d)
	expect(t, "a disk in use", fmt.Sprint(d.Import(dir)), "put files on the disk: a process has it")
}
