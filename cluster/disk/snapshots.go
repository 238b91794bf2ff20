package disk

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/raft"
)

// retained is how many snapshots are kept. Raft needs the newest; the one before it is there for a
// reader that has it open.
const retained = 2

// snapshot is one whole snapshot. Its file is a line of JSON, the header, and the state.
type snapshot struct {
	header
	state []byte
}

type header struct {
	Meta     raft.SnapshotMeta `json:"meta"`
	Number   uint64            `json:"number"` // counts the snapshots of this disk
	Checksum uint32            `json:"crc32"`
}

// Snapshots is the volume as raft's SnapshotStore.
func (v *Volume) Snapshots() raft.SnapshotStore { return (*snapshots)(v) }

type snapshots Volume

func (d *Disk) snapshotPath(id string) string {
	return filepath.Join(d.config.Dir, "snapshots", id+".snap")
}

// Create begins a snapshot, which exists when its sink is closed.
func (s *snapshots) Create(version raft.SnapshotVersion, index, term uint64, c raft.Configuration, cIndex uint64, _ raft.Transport) (raft.SnapshotSink, error) {
	if version != raft.SnapshotVersionMax {
		return nil, fmt.Errorf("disk: snapshot version %d is not supported", version)
	}
	v := (*Volume)(s)
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.nextID++
	return &sink{volume: v, header: header{Number: v.nextID, Meta: raft.SnapshotMeta{
		Version: version, ID: fmt.Sprintf("%d-%d-%d", term, index, v.nextID), Index: index, Term: term,
		Configuration: c, ConfigurationIndex: cIndex}}}, nil
}

// newestFirst orders snapshots as raft's own stores do. The order in which they were made is another one:
// raft may finish a snapshot of its own after it has installed a later one from the leader.
func newestFirst(a, b *snapshot) int {
	return cmp.Or(cmp.Compare(b.Meta.Term, a.Meta.Term), cmp.Compare(b.Meta.Index, a.Meta.Index), cmp.Compare(b.Number, a.Number))
}

// List returns the snapshots, newest first.
func (s *snapshots) List() ([]*raft.SnapshotMeta, error) {
	v := (*Volume)(s)
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	var metas []*raft.SnapshotMeta
	for _, snap := range v.snapshots {
		meta := snap.Meta
		metas = append(metas, &meta)
	}
	return metas, nil
}

// Open reads a snapshot.
func (s *snapshots) Open(id string) (*raft.SnapshotMeta, io.ReadCloser, error) {
	v := (*Volume)(s)
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, snap := range v.snapshots {
		if snap.Meta.ID == id {
			meta := snap.Meta
			return &meta, io.NopCloser(bytes.NewReader(snap.state)), nil
		}
	}
	return nil, nil, fmt.Errorf("disk: no snapshot %s", id)
}

// sink collects a snapshot in memory, so that a crash before it is closed leaves nothing behind.
type sink struct {
	volume *Volume
	header header
	state  bytes.Buffer
	closed bool
}

func (k *sink) ID() string { return k.header.Meta.ID }

func (k *sink) Write(b []byte) (int, error) {
	if k.closed {
		return 0, os.ErrClosed
	}
	return k.state.Write(b)
}

func (k *sink) Cancel() error {
	k.closed = true
	return nil
}

// Close waits for the sync and then makes the snapshot exist, whole, at one instant.
func (k *sink) Close() error {
	if k.closed {
		return nil
	}
	k.closed = true
	v := k.volume
	v.disk.pass()
	if f := v.disk.faults.Load(); f != nil && f.failure() != nil && !v.cutOff() {
		return fmt.Errorf("write snapshot: %w", f.failure())
	}
	v.sync()
	v.Reach(Snapshot)
	k.header.Meta.Size = int64(k.state.Len())
	k.header.Checksum = crc32.ChecksumIEEE(k.state.Bytes())
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.addSnapshot(&snapshot{header: k.header, state: k.state.Bytes()})
}

func (v *Volume) addSnapshot(s *snapshot) error {
	cutOff := v.db == nil
	if !cutOff {
		if err := s.write(v.disk.snapshotPath(s.Meta.ID)); err != nil {
			return fmt.Errorf("write snapshot: %w", err)
		}
	}
	v.snapshots = append(v.snapshots, s)
	slices.SortFunc(v.snapshots, newestFirst)
	for len(v.snapshots) > retained {
		last := len(v.snapshots) - 1
		if !cutOff {
			if err := os.Remove(v.disk.snapshotPath(v.snapshots[last].Meta.ID)); err != nil {
				return fmt.Errorf("remove old snapshot: %w", err)
			}
		}
		v.snapshots = v.snapshots[:last]
	}
	return nil
}

// NewestSnapshot is the index of the newest snapshot; 0 if there is none.
func (v *Volume) NewestSnapshot() uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.snapshots) == 0 {
		return 0
	}
	return v.snapshots[0].Meta.Index
}

// write makes the file, under another name until it is whole.
func (s *snapshot) write(path string) error {
	line, err := json.Marshal(s.header)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".tmp", append(append(line, '\n'), s.state...), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

func (v *Volume) loadSnapshots() (err error) {
	v.snapshots, err = v.disk.readSnapshots()
	for _, s := range v.snapshots {
		v.nextID = max(v.nextID, s.Number)
	}
	return err
}

// readSnapshots returns the snapshots in the files, newest first.
func (d *Disk) readSnapshots() ([]*snapshot, error) {
	files, err := os.ReadDir(filepath.Join(d.config.Dir, "snapshots"))
	if err != nil {
		return nil, err
	}
	var all []*snapshot
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".snap") {
			continue
		}
		s, err := readSnapshot(filepath.Join(d.config.Dir, "snapshots", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, newestFirst)
	return all, nil
}

func readSnapshot(path string) (*snapshot, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	line, state, ok := bytes.Cut(b, []byte("\n"))
	if !ok {
		return nil, errors.New("no header")
	}
	s := &snapshot{state: state}
	if err := json.Unmarshal(line, &s.header); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if crc32.ChecksumIEEE(state) != s.Checksum {
		return nil, errors.New("checksum does not match")
	}
	return s, nil
}
