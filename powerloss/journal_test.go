package powerloss

import (
	"encoding/json"
	"errors"
	"hash/crc32"
	"maps"
	"os"
	"slices"
	"strings"

	"faultline/cluster/disk"
)

// journal is a store that appends each transaction to a log, as a line with its checksum. It has bugs when it is told to.
type journal struct {
	log  *disk.File
	data map[string][]byte
	bug  string
}

// The bugs of a journal.
const (
	noSync    = "it does not sync"
	piecemeal = "it writes transactions pair by pair"
	noCut     = "it goes on behind a torn line"
	unordered = "it reads keys in reverse"
)

func openJournal(bug string) func(*disk.Volume) (Store, error) {
	return func(v *disk.Volume) (Store, error) {
		log, err := v.OpenFile("log", os.O_RDWR|os.O_CREATE)
		if err != nil {
			return nil, err
		}
		j := &journal{log: log, data: map[string][]byte{}, bug: bug}
		return j, errors.Join(v.SyncDir("."), j.replay())
	}
}

// entry is a line of the log.
type entry struct {
	Sum   uint32
	Pairs json.RawMessage
}

// replay reads the log, and cuts off what is torn at its end.
func (j *journal) replay() error {
	size, err := j.log.Size()
	if err != nil || size == 0 {
		return err
	}
	b := make([]byte, size)
	if _, err := j.log.ReadAt(b, 0); err != nil {
		return err
	}
	good := 0
	for line := range strings.Lines(string(b)) {
		pairs, err := j.parse(line)
		if err != nil {
			break
		}
		j.apply(pairs)
		good += len(line)
	}
	if j.bug == noCut {
		return nil
	}
	return errors.Join(j.log.Truncate(int64(good)), j.log.Sync())
}

func (j *journal) parse(line string) (pairs []Pair, err error) {
	var e entry
	if !strings.HasSuffix(line, "\n") {
		return nil, errors.New("torn")
	}
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(e.Pairs) != e.Sum {
		return nil, errors.New("damaged")
	}
	return pairs, json.Unmarshal(e.Pairs, &pairs)
}

func (j *journal) apply(pairs []Pair) {
	for _, p := range pairs {
		if p.Value == nil {
			delete(j.data, p.Key)
		} else {
			j.data[p.Key] = p.Value
		}
	}
}

func (j *journal) Commit(pairs []Pair) error {
	all := [][]Pair{pairs}
	if j.bug == piecemeal {
		all = slices.Collect(slices.Chunk(pairs, 1))
	}
	for _, some := range all {
		b, err := json.Marshal(some)
		if err != nil {
			return err
		}
		line, err := json.Marshal(entry{crc32.ChecksumIEEE(b), b})
		if err != nil {
			return err
		}
		if _, err := j.log.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	j.apply(pairs)
	if j.bug == noSync {
		return nil
	}
	return j.log.Sync()
}

func (j *journal) Read() (all []Pair, err error) {
	for _, key := range slices.Sorted(maps.Keys(j.data)) {
		all = append(all, Pair{key, j.data[key]})
	}
	if j.bug == unordered {
		slices.Reverse(all)
	}
	return all, nil
}

func (j *journal) Close() error { return j.log.Close() }
