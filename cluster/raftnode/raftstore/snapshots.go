package raftstore

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/raft"
)

// retained is how many snapshots are kept. Raft needs the newest; the one before it is there for a
// reader that has it open.
const retained = 2

// header is what is known of a snapshot. Its file is a line of JSON, the header, and the state.
type header struct {
	Meta     raft.SnapshotMeta `json:"meta"`
	Number   uint64            `json:"number"` // counts the snapshots of this disk
	Checksum uint32            `json:"crc32"`

	begins int64 // the state, in the file
}

const (
	suffix  = ".snap"
	halfway = ".tmp" // follows the name of a file that is not whole yet
)

func (h *header) name() string { return h.Meta.ID + suffix }

// Snapshots is the store as raft's SnapshotStore.
func (s *Store) Snapshots() raft.SnapshotStore { return (*snapshots)(s) }

type snapshots Store

// Create begins a snapshot, which exists when its sink is closed.
func (t *snapshots) Create(version raft.SnapshotVersion, index, term uint64, c raft.Configuration, cIndex uint64, _ raft.Transport) (raft.SnapshotSink, error) {
	if version != raft.SnapshotVersionMax {
		return nil, fmt.Errorf("raftstore: snapshot version %d is not supported", version)
	}
	s := (*Store)(t)
	s.volume.Pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	k := &sink{store: s, header: header{Number: s.nextID, Meta: raft.SnapshotMeta{
		Version: version, ID: fmt.Sprintf("%d-%d-%d", term, index, s.nextID), Index: index, Term: term,
		Configuration: c, ConfigurationIndex: cIndex}}}
	if last := len(s.spare) - 1; last >= 0 {
		k.state, s.spare = s.spare[last], s.spare[:last]
	}
	return k, nil
}

// newestFirst orders snapshots as raft's own stores do. The order in which they were made is another one:
// raft may finish a snapshot of its own after it has installed a later one from the leader.
func newestFirst(a, b header) int {
	return cmp.Or(cmp.Compare(b.Meta.Term, a.Meta.Term), cmp.Compare(b.Meta.Index, a.Meta.Index), cmp.Compare(b.Number, a.Number))
}

// List returns the snapshots, newest first.
func (t *snapshots) List() ([]*raft.SnapshotMeta, error) {
	s := (*Store)(t)
	s.volume.Pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	var metas []*raft.SnapshotMeta
	for _, h := range s.snapshots {
		metas = append(metas, &h.Meta)
	}
	return metas, nil
}

// Open reads a snapshot.
func (t *snapshots) Open(id string) (*raft.SnapshotMeta, io.ReadCloser, error) {
	s := (*Store)(t)
	s.volume.Pass()
	h, ok := s.snapshot(id)
	if !ok {
		return nil, nil, fmt.Errorf("raftstore: no snapshot %s", id)
	}
	f, err := s.volume.Open(h.name())
	if err != nil {
		return nil, nil, err
	}
	return &h.Meta, image{io.NewSectionReader(f, h.begins, h.Meta.Size), f, h.Meta.Index}, nil
}

// image is a snapshot that is read.
type image struct {
	io.Reader
	io.Closer
	index uint64
}

// IndexOf returns the index of the snapshot that raft has a state machine restore.
func IndexOf(snapshot io.ReadCloser) uint64 {
	if w, ok := snapshot.(raft.ReadCloserWrapper); ok {
		return IndexOf(w.WrappedReadCloser())
	}
	return snapshot.(image).index
}

func (s *Store) snapshot(id string) (header, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.snapshots, func(h header) bool { return h.Meta.ID == id })
	if i < 0 {
		return header{}, false
	}
	return s.snapshots[i], true
}

// NewestSnapshot is the index of the newest snapshot; 0 if there is none.
func (s *Store) NewestSnapshot() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.snapshots) == 0 {
		return 0
	}
	return s.snapshots[0].Meta.Index
}

// loadSnapshots finds the snapshots that are on the disk, and removes what a crash left of others.
func (s *Store) loadSnapshots() (err error) {
	names, err := s.volume.List(".")
	if err != nil {
		return err
	}
	if s.snapshots, err = readSnapshots(names, s.volume.ReadFile); err != nil {
		return err
	}
	for _, h := range s.snapshots {
		s.nextID = max(s.nextID, h.Number)
	}
	for _, name := range names {
		if strings.HasSuffix(name, suffix+halfway) {
			if err := s.volume.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func snapshotNames(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, suffix) })
}

// readSnapshots reads and checks the snapshots among the files of a disk. They come newest first.
func readSnapshots(names []string, read func(name string) ([]byte, error)) ([]header, error) {
	var all []header
	for _, name := range snapshotNames(slices.Clone(names)) {
		b, err := read(name)
		if err != nil {
			return nil, err
		}
		h, err := parseSnapshot(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, h)
	}
	slices.SortFunc(all, newestFirst)
	return all, nil
}

func parseSnapshot(b []byte) (header, error) {
	line, state, ok := bytes.Cut(b, []byte("\n"))
	if !ok {
		return header{}, errors.New("no header")
	}
	h := header{begins: int64(len(line) + 1)}
	if err := json.Unmarshal(line, &h); err != nil {
		return header{}, fmt.Errorf("header: %w", err)
	}
	if crc32.ChecksumIEEE(state) != h.Checksum {
		return header{}, errors.New("checksum does not match")
	}
	return h, nil
}
