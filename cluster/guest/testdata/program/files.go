package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	programs["files"] = files
	programs["map"] = mapped
	programs["keep"] = keep
	programs["churn"] = churn
	programs["list"] = func([]string) { list() }
	programs["full"] = full
	programs["sync"] = syncAll
	programs["map-nameless"] = mapNameless
	programs["old-names"] = func([]string) { oldNames() }
}

// files makes use of what package os has.
func files([]string) {
	must(os.MkdirAll("a/b", 0o755))
	must(os.WriteFile("a/one", []byte("one"), 0o600))
	f, err := os.OpenFile("a/one", os.O_APPEND|os.O_WRONLY, 0)
	must(err)
	_, err = f.WriteString(" and more")
	must(err)
	must(f.Close())
	f, err = os.OpenFile("a/b/synced", os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_SYNC, 0o600)
	must(err)
	_, err = f.WriteString("durable at once")
	must(err)
	_, err = f.WriteAt([]byte("DUR"), 0)
	must(err)
	_, err = f.Seek(100, 0)
	must(err)
	_, err = f.WriteString("behind a hole")
	must(err)
	must(f.Truncate(110))
	_, err = os.OpenFile("a/b/synced", os.O_CREATE|os.O_EXCL, 0o600)
	result("create it again", err)
	must(f.Close())
	must(os.Link("a/one", "a/link"))
	must(os.Rename("a/one", "a/two"))
	must(os.Truncate("a/two", 3))
	in, err := os.Open("a/b/synced")
	must(err)
	out, err := os.Create("copy")
	must(err)
	n, err := out.ReadFrom(in)
	must(err)
	fmt.Println("copied", n, "bytes")
	must(out.Sync())
	must(os.Rename("a/b", "a/c"))
	must(os.Remove("a/c/synced"))
	result("remove it again", os.Remove("a/c/synced"))
	result("a symbolic link", os.Symlink("copy", "symbolic"))
	directory, err := os.Open(".")
	must(err)
	must(directory.Sync())
	must(directory.Close())
	_, err = unix.Open(".", unix.O_TMPFILE|unix.O_RDWR, 0o600)
	result("a file without a name", err)
	result("take out a range", unix.Fallocate(int(out.Fd()), unix.FALLOC_FL_COLLAPSE_RANGE, 0, 4096))
	beneath()
	old := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	result("set times", os.Chtimes("copy", old, old))
	where, err := os.Getwd()
	must(err)
	fmt.Println("in", where, "process", os.Getpid())
	list()
}

// beneath works below a directory that was opened, as os.Root does.
func beneath() {
	root, err := os.OpenRoot("a")
	must(err)
	must(root.Mkdir("rooted", 0o755))
	must(root.WriteFile("rooted/file", []byte("in a root"), 0o600))
	must(root.Rename("rooted/file", "rooted/renamed"))
	_, err = root.Open("../copy")
	result("leave a root", err)
	must(root.Close())
}

// list prints what is below the directory.
func list() {
	must(filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			fmt.Println(name + "/")
			return nil
		}
		b, err := os.ReadFile(name)
		must(err)
		fmt.Printf("%s %d %.4x\n", name, len(b), sha256.Sum256(b))
		return nil
	}))
}

// mapped writes through memory, and says what it has made durable.
func mapped(args []string) {
	f, err := os.OpenFile("map", os.O_CREATE|os.O_RDWR, 0o600)
	must(err)
	must(f.Truncate(2 * 4096))
	m, err := unix.Mmap(int(f.Fd()), 0, 2*4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(err)
	fmt.Printf("found %q and %q\n", strings.TrimRight(string(m[:8]), "\x00"), strings.TrimRight(string(m[4096:4104]), "\x00"))
	copy(m, "synced")
	must(unix.Msync(m, unix.MS_SYNC))
	directory, err := os.Open(".")
	must(err)
	must(directory.Sync())
	copy(m[4096:], "not")
	fmt.Println("written")
	time.Sleep(time.Hour)
}

// mapNameless writes through memory to a file that has lost its name.
func mapNameless([]string) {
	f, err := os.Create("nameless")
	must(err)
	must(f.Truncate(4096))
	must(os.Remove("nameless"))
	m, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(err)
	must(f.Close())
	copy(m, "written")
	result("sync it", unix.Msync(m, unix.MS_SYNC))
}

// syncAll has all that it has written made durable, by the calls that are about no file, and then writes more.
func syncAll([]string) {
	if b, err := os.ReadFile("here/closed"); err == nil {
		list()
		fmt.Printf("found %q\n", b)
		return
	}
	must(os.Mkdir("here", 0o755))
	must(os.WriteFile("here/closed", []byte("by sync"), 0o600))
	unix.Sync()
	must(os.WriteFile("also closed", []byte("by syncfs"), 0o600))
	directory, err := os.Open(".")
	must(err)
	result("syncfs", unix.Syncfs(int(directory.Fd())))
	must(os.WriteFile("here/closed", []byte("by nobody"), 0o600))
	time.Sleep(time.Hour)
}

// keep adds a record each 10 ms, and says which it has made durable. At first it says what it has found.
func keep([]string) {
	b, err := os.ReadFile("records")
	if err == nil {
		lines := strings.Fields(string(b))
		fmt.Println("found", len(lines), "records")
	}
	f, err := os.OpenFile("records", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(err)
	directory, err := os.Open(".")
	must(err)
	must(directory.Sync())
	for i := range 10 {
		_, err := fmt.Fprintf(f, "%d\n", i)
		must(err)
		if i == 4 { // the rest is not synced
			must(f.Sync())
			fmt.Println("synced", i+1)
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("written 10")
	time.Sleep(time.Hour)
}

// churn changes files for ever, each step drawn.
func churn(args []string) {
	list()
	fmt.Println("begins")
	seed, err := strconv.ParseInt(args[0], 10, 64)
	must(err)
	draw := rand.New(rand.NewSource(seed))
	name := func() string { return fmt.Sprintf("d%d/f%d", draw.Intn(2), draw.Intn(3)) }
	for _, d := range []string{"d0", "d1"} {
		if err := os.Mkdir(d, 0o755); err != nil && !os.IsExist(err) {
			must(err)
		}
	}
	for {
		step(draw, name)
		time.Sleep(time.Duration(draw.Intn(3)) * time.Millisecond)
	}
}

// step is one of those of churn. That a file is not there is no error.
func step(draw *rand.Rand, name func() string) {
	switch draw.Intn(7) {
	case 0, 1, 2:
		f, err := os.OpenFile(name(), os.O_CREATE|os.O_RDWR, 0o600)
		must(err)
		_, err = f.WriteAt([]byte(strings.Repeat(strconv.Itoa(draw.Intn(10)), draw.Intn(9000))), int64(draw.Intn(5000)))
		must(err)
		if draw.Intn(2) == 0 {
			must(f.Sync())
		}
		must(f.Close())
	case 3:
		_ = os.Rename(name(), name())
	case 4:
		_ = os.Remove(name())
	case 5:
		_ = os.Truncate(name(), int64(draw.Intn(6000)))
	case 6:
		d, err := os.Open(fmt.Sprintf("d%d", draw.Intn(2)))
		must(err)
		must(d.Sync())
		must(d.Close())
	}
}

// full writes until there is no room, and then once more each 100 ms.
func full([]string) {
	f, err := os.Create("file")
	must(err)
	last := ""
	for range 20 {
		_, err := f.WriteString("a line\n")
		if now := fmt.Sprint(err); now != last {
			say("%s", now)
			last = now
		}
		time.Sleep(100 * time.Millisecond)
	}
}
