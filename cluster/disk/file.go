package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/hashicorp/raft"
	bolt "go.etcd.io/bbolt"
)

// The bbolt file has two buckets: the log, by index in big-endian so that order is order, and the rest.
var logBucket, stableBucket = []byte("log"), []byte("stable")

func (v *Volume) load() error {
	err := v.db.Update(func(tx *bolt.Tx) error {
		if _, err := tx.CreateBucketIfNotExists(logBucket); err != nil {
			return err
		}
		_, err := tx.CreateBucketIfNotExists(stableBucket)
		return err
	})
	if err != nil {
		return err
	}
	return v.db.View(func(tx *bolt.Tx) error {
		if err := tx.Bucket(logBucket).ForEach(v.loadEntry); err != nil {
			return err
		}
		return tx.Bucket(stableBucket).ForEach(func(k, b []byte) error {
			v.stable[string(k)] = append([]byte(nil), b...)
			return nil
		})
	})
}

func (v *Volume) loadEntry(k, b []byte) error {
	l, err := decodeLog(b)
	if err != nil {
		return fmt.Errorf("entry %x: %w", k, err)
	}
	l.Index = binary.BigEndian.Uint64(k)
	if !v.log.adjoins(l.Index) {
		return fmt.Errorf("entry %d after entry %d: %w", l.Index, v.log.last(), errDamaged)
	}
	v.log.store([]*raft.Log{l})
	return nil
}

func writeAll(tx *bolt.Tx, ws []write) error {
	log, stable := tx.Bucket(logBucket), tx.Bucket(stableBucket)
	log.FillPercent = 0.9 // entries come in order of their keys
	for _, w := range ws {
		var err error
		switch {
		case w.logs != nil:
			err = putAll(log, w.logs)
		case w.key != "":
			err = stable.Put([]byte(w.key), w.value)
		default:
			err = deleteRange(log, w.min, w.max)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func putAll(b *bolt.Bucket, logs []*raft.Log) error {
	for _, l := range logs {
		if err := b.Put(indexKey(l.Index), encodeLog(l)); err != nil {
			return err
		}
	}
	return nil
}

func deleteRange(b *bolt.Bucket, min, max uint64) error {
	for i := min; i <= max; i++ {
		if err := b.Delete(indexKey(i)); err != nil {
			return err
		}
	}
	return nil
}

func indexKey(i uint64) []byte { return binary.BigEndian.AppendUint64(nil, i) }

// castagnoli is the polynomial that processors have an instruction for.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encodeLog is a checksum of the rest, term, type, time of appending, and data and extensions each after
// its length.
func encodeLog(l *raft.Log) []byte {
	b := make([]byte, checksumBytes, checksumBytes+32+len(l.Data)+len(l.Extensions))
	b = binary.AppendUvarint(b, l.Term)
	b = append(b, byte(l.Type))
	at := int64(0)
	if !l.AppendedAt.IsZero() {
		at = l.AppendedAt.UnixNano()
	}
	b = binary.AppendVarint(b, at)
	b = binary.AppendUvarint(b, uint64(len(l.Data)))
	b = append(b, l.Data...)
	b = binary.AppendUvarint(b, uint64(len(l.Extensions)))
	b = append(b, l.Extensions...)
	binary.BigEndian.PutUint32(b, crc32.Checksum(b[checksumBytes:], castagnoli))
	return b
}

const checksumBytes = 4

var errDamaged = errors.New("damaged log entry")

func decodeLog(b []byte) (*raft.Log, error) {
	if len(b) < checksumBytes || binary.BigEndian.Uint32(b) != crc32.Checksum(b[checksumBytes:], castagnoli) {
		return nil, errDamaged
	}
	b = b[checksumBytes:]
	l := &raft.Log{}
	term, k := binary.Uvarint(b)
	if k <= 0 || k == len(b) {
		return nil, errDamaged
	}
	l.Term, l.Type, b = term, raft.LogType(b[k]), b[k+1:]
	at, k := binary.Varint(b)
	if k <= 0 {
		return nil, errDamaged
	}
	if at != 0 {
		l.AppendedAt = time.Unix(0, at)
	}
	var err error
	if l.Data, b, err = decodeBytes(b[k:]); err != nil {
		return nil, err
	}
	l.Extensions, _, err = decodeBytes(b)
	return l, err
}

func decodeBytes(b []byte) (field, rest []byte, err error) {
	n, k := binary.Uvarint(b)
	if k <= 0 || n > uint64(len(b)-k) {
		return nil, nil, errDamaged
	}
	return append([]byte(nil), b[k:k+int(n)]...), b[k+int(n):], nil
}
