package disk

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"
)

// TestScripts shows what the file systems promise. Each line of a script is one step of a process:
//
//	write log hello     add to the end of a file, which is made if need be; a*600 is a 600 times
//	at log 3 xyz        write at an offset
//	truncate log 2
//	sync log            it takes a millisecond; with & at the end of the line the script goes on meanwhile
//	sync-write log one  write to a file that is opened with O_DSYNC; sync-truncate log 2
//	direct-write log x  write to a file that is opened with O_DIRECT
//	mkdir wal
//	sync-dir wal        or the root, if none is named
//	rename a b
//	link a b
//	remove a
//	read                show all files as a process sees them
//	wait 5s
//	fail                or mend, fill, free, lie, be-honest, stick, unstick: a fault of the disk
//	crash               the process is gone, and another one starts
//	power-loss          the machine is gone, and starts again
//
// The output has a line for each step that has something to say. The script is run with many seeds. Where they differ after
// the last loss of power, all that may be found is listed.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			system, ok := map[string]FileSystem{"ext4": Ext4, "strict": Strict, "lazy": Lazy, "unordered": Unordered}[d.Cmd]
			if !ok {
				d.Fatalf(t, "there is no file system %s", d.Cmd)
			}
			return runScript(t, system, d.Input)
		})
	})
}

const seeds = 300

func runScript(t *testing.T, system FileSystem, input string) string {
	said, found := "", map[string]bool{}
	for seed := range uint64(seeds) {
		synctest.Test(t, func(t *testing.T) {
			s := &script{t: t, disk: newDisk(system, seed), begun: time.Now()}
			out, left := s.run(strings.Split(input, "\n"))
			if seed > 0 && out != said {
				t.Fatalf("seed %d says\n%s\nand seed 0\n%s", seed, out, said)
			}
			said, found[left] = out, true
		})
	}
	all := slices.Sorted(maps.Keys(found))
	switch {
	case len(all) > 1:
		said += "one of\n  " + strings.Join(all, "\n  ") + "\n"
	case all[0] != "":
		said += all[0] + "\n"
	}
	return said
}

// script is a disk and the process that runs on it.
type script struct {
	t      *testing.T
	disk   *Disk
	volume *Volume
	begun  time.Time

	mu    sync.Mutex
	said  strings.Builder
	found string // after the last loss of power; the files of the seeds may differ
}

// run returns what the steps say, and what the last loss of power left.
func (s *script) run(lines []string) (said, found string) {
	s.volume = start(s.t, s.disk)
	for _, line := range lines {
		words := strings.Fields(line)
		if last := len(words) - 1; words[last] == "&" {
			go s.step(line, words[:last])
			synctest.Wait()
			continue
		}
		s.step(line, words)
	}
	s.disk.Unstick()
	time.Sleep(time.Minute) // for what still waits
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String(), s.found
}

func (s *script) step(line string, words []string) {
	out, err := s.do(words)
	if err != nil {
		out = err.Error()
	}
	if out == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.said, "%-8s %s: %s\n", time.Since(s.begun), line, out)
}

func (s *script) do(words []string) (string, error) {
	v, args := s.volume, words[1:]
	switch words[0] {
	case "write", "at", "truncate", "sync":
		return s.onFile(words[0], os.O_RDWR, args)
	case "sync-write", "sync-truncate":
		_, verb, _ := strings.Cut(words[0], "-")
		_, err := s.onFile(verb, os.O_RDWR|dataSync, args)
		return "done", err
	case "direct-write":
		_, err := s.onFile("write", os.O_RDWR|directIO, args)
		return "done", err
	case "mkdir":
		return "", v.Mkdir(args[0])
	case "link":
		return "", v.Link(args[0], args[1])
	case "sync-dir":
		return "done", v.SyncDir(append(args, ".")[0])
	case "rename":
		return "", v.Rename(args[0], args[1])
	case "remove":
		return "", v.Remove(args[0])
	case "read":
		return files(s.disk), nil
	case "wait":
		d, err := time.ParseDuration(args[0])
		time.Sleep(d)
		synctest.Wait() // what is due at this instant comes first
		return "", err
	case "crash", "power-loss":
		return "", s.end(words[0])
	}
	fault, ok := map[string]func(*Disk){"fail": (*Disk).Fail, "mend": (*Disk).Mend, "fill": (*Disk).Fill, "free": (*Disk).Free,
		"lie": (*Disk).Lie, "be-honest": (*Disk).BeHonest, "stick": (*Disk).Stick, "unstick": (*Disk).Unstick}[words[0]]
	if !ok {
		s.t.Fatalf("there is no step %s", words[0])
	}
	fault(s.disk)
	return "", nil
}

func (s *script) onFile(verb string, flag int, args []string) (string, error) {
	if verb != "sync" {
		flag |= os.O_CREATE
	}
	f, err := s.volume.OpenFile(args[0], flag)
	if err != nil {
		return "", err
	}
	defer f.Close()
	switch verb {
	case "write":
		_, err = f.Write(spell(args[1]))
	case "at":
		off, _ := strconv.ParseInt(args[1], 10, 64)
		_, err = f.WriteAt(spell(args[2]), off)
	case "truncate":
		size, _ := strconv.ParseInt(args[1], 10, 64)
		err = f.Truncate(size)
	case "sync":
		return "done", f.Sync()
	}
	return "", err
}

// spell returns what a word such as a*600 or hello stands for.
func spell(word string) []byte {
	if one, count, ok := strings.Cut(word, "*"); ok {
		n, _ := strconv.Atoi(count)
		return []byte(strings.Repeat(one, n))
	}
	return []byte(word)
}

func (s *script) end(how string) error {
	end := (*Volume).Crash
	if how == "power-loss" {
		end = (*Volume).PowerLoss
	}
	if err := end(s.volume); err != nil {
		return err
	}
	if how == "power-loss" {
		s.found = files(s.disk)
	}
	s.volume = start(s.t, s.disk)
	return nil
}
