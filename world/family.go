package world

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// family are a process and the guests that it has started.
func family(pid int) []int {
	all := []int{pid}
	for _, thread := range threads(pid) {
		children, _ := os.ReadFile(filepath.Join(thread, "children")) // it may have ended
		for child := range bytes.FieldsSeq(children) {
			if guest, err := strconv.Atoi(string(child)); err == nil {
				all = append(all, guest)
			}
		}
	}
	return all
}

// threads are the directories of a process's threads.
func threads(pid int) []string {
	all := fmt.Sprintf("/proc/%d/task", pid)
	dir, err := os.Open(all)
	if err != nil {
		return nil // it has ended
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for i, name := range names {
		names[i] = filepath.Join(all, name)
	}
	return names
}

// resident is the memory of processes, in bytes; 0 where the system does not say.
func resident(processes []int) int64 {
	pages := int64(0)
	for _, pid := range processes {
		pages += numberIn(fmt.Sprintf("/proc/%d/statm", pid), 1)
	}
	return pages * int64(os.Getpagesize())
}

// waitedForProcessor is for how long threads of processes were ready to run while others had the processor. A world that is kept from it by
// others is not to blame for the time.
func waitedForProcessor(processes []int) time.Duration {
	total := int64(0)
	for _, pid := range processes {
		for _, thread := range threads(pid) {
			total += numberIn(filepath.Join(thread, "schedstat"), 1)
		}
	}
	return time.Duration(total)
}

// numberIn is the number in a field of a file, counted from 0; 0 if there is none.
func numberIn(file string, field int) int64 {
	b, _ := os.ReadFile(file) // the process may have ended
	fields := bytes.Fields(b)
	if len(fields) <= field {
		return 0
	}
	n, _ := strconv.ParseInt(string(fields[field]), 10, 64)
	return n
}
