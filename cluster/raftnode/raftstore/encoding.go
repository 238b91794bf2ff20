package raftstore

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"

	"github.com/hashicorp/raft"
)

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
