// Package journal is a file to which a process adds what it must not forget.
//
// It guarantees that what Add has stored is there after any crash or loss of power, in order, and that nothing else is, but perhaps what was
// being added. Damage is found when the file is read. The caller adds one record at a time.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"syscall"
	"time"

	"faultline/cluster/disk"
	"faultline/cluster/sim"
)

// CrashPoints are where a process with a journal can be made to die: before it writes, before it syncs, when it has and has told
// nobody, and while it starts.
func CrashPoints() []string { return []string{beforeWrite, beforeSync, synced, restore} }

const beforeWrite, beforeSync, synced, restore = "journal-write", "journal-sync", "journal-synced", "restore"

// Journal takes records, as JSON.
type Journal[T any] struct {
	process *sim.Process
	file    *disk.File
}

// Open returns the journal of a machine and the records that are in it, none on a new disk. It is the log that faults of the disk
// damage.
func Open[T any](p *sim.Process) (*Journal[T], []T, error) {
	const name = "journal"
	p.Volume().Declare(disk.LogPart, p.Volume().Disk().Files(name))
	return OpenFile[T](p, name)
}

// OpenFile opens a further journal, in a file of that name. Its records are written anew: after a sync that failed the kernel shows what
// the disk never got (Rebello and others, Can Applications Recover from fsync Failures?, 2020), so that only what is synced once more
// is sure to stay.
func OpenFile[T any](p *sim.Process, name string) (*Journal[T], []T, error) {
	v, fresh := p.Volume(), name+".new"
	b, err := v.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, err
	}
	records, intact, err := read[T](b)
	if err != nil {
		return nil, nil, err
	}
	file, err := v.Create(fresh)
	if err != nil {
		return nil, nil, err
	}
	j := &Journal[T]{p, file}
	if err := j.write(intact); err != nil {
		return nil, nil, err
	}
	p.Reach(restore)
	if err := v.Rename(fresh, name); err != nil {
		return nil, nil, err
	}
	return j, records, v.SyncDir(".")
}

// A record is a line: a checksum and JSON. A second line feed follows, so that a bit that flips in the last one is not taken for a
// line that is not all there.
var end = []byte("\n\n")

// read returns the records, and the bytes that they are in. The last line may not be all there: its write was torn, and nobody
// was told of it.
func read[T any](b []byte) (records []T, intact []byte, err error) {
	for len(b) > len(intact) {
		line, _, whole := bytes.Cut(b[len(intact):], end[:1])
		if !whole {
			break
		}
		if intact = b[:len(intact)+len(line)+1]; len(line) == 0 {
			continue
		}
		sum, body, _ := bytes.Cut(line, []byte(" "))
		var record T
		if string(sum) != checksum(body) || json.Unmarshal(body, &record) != nil {
			return nil, nil, errors.New("the journal is damaged")
		}
		records = append(records, record)
	}
	return records, intact, nil
}

func checksum(body []byte) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(body)) }

// untilRoom is how long it waits on a full disk before it tries again.
const untilRoom = 50 * time.Millisecond

// Add returns once a record is synced. A full disk it waits for. After an error nobody knows what is there, and the process is to die.
func (j *Journal[T]) Add(record T) error {
	body, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("a record of the journal: %w", err)
	}
	j.process.Reach(beforeWrite)
	line := fmt.Appendf(nil, "%s %s%s", checksum(body), body, end)
	err = j.write(line)
	for errors.Is(err, syscall.ENOSPC) && j.process.Sleep(untilRoom) {
		err = j.write(line)
	}
	j.process.Reach(synced)
	return err
}

func (j *Journal[T]) write(b []byte) error {
	if _, err := j.file.Write(b); err != nil {
		return err
	}
	j.process.Reach(beforeSync)
	return j.file.Sync()
}
