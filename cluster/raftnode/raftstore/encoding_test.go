package raftstore

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/raft"
	"pgregory.net/rapid"
)

func TestAnEntryIsReadBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := raft.Log{
			Term:       rapid.Uint64().Draw(t, "term"),
			Type:       raft.LogType(rapid.Byte().Draw(t, "type")),
			Data:       drawBytes(t, "data"),
			Extensions: drawBytes(t, "extensions"),
		}
		if rapid.Bool().Draw(t, "has a time") {
			want.AppendedAt = time.Unix(0, rapid.Int64Range(1, 1<<62).Draw(t, "appended at"))
		}
		got, err := decodeLog(encodeLog(&want))
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

// drawBytes draws nil for no bytes: the file knows no difference.
func drawBytes(t *rapid.T, label string) []byte {
	return append([]byte(nil), rapid.SliceOf(rapid.Byte()).Draw(t, label)...)
}

func FuzzDecodeLog(f *testing.F) {
	whole := encodeLog(&raft.Log{Term: 3, Data: []byte("data"), Extensions: []byte("more"), AppendedAt: time.Unix(1, 2)})
	for i := range whole {
		f.Add(whole[:i])
	}
	f.Add(whole)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := decodeLog(b)
		if err != nil {
			return
		}
		again, err := decodeLog(encodeLog(l))
		if err != nil || !bytes.Equal(again.Data, l.Data) || again.Term != l.Term {
			t.Errorf("decoded as %+v, and then as %+v, %v", l, again, err)
		}
	})
}
