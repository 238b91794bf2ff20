package wire

import (
	"bytes"
	"io"
	"math"
	"reflect"
	"testing"
	"testing/iotest"
	"time"

	"github.com/hashicorp/go-msgpack/v2/codec"
	"github.com/hashicorp/raft"
	"pgregory.net/rapid"
)

type fataler interface{ Fatal(...any) }

// theirs is a message in the bytes of raft's own transport, which sets its codec up in this way.
func theirs(t fataler, message any) []byte {
	var b bytes.Buffer
	handle := &codec.MsgpackHandle{}
	handle.TimeNotBuiltin = true
	if err := codec.NewEncoder(&b, handle).Encode(message); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decodeTheirs(t fataler, b []byte, message any) {
	if err := codec.NewDecoderBytes(b, &codec.MsgpackHandle{}).Decode(message); err != nil {
		t.Fatal(err)
	}
}

// messages are one of each kind, filled by chance.
var messages = map[string]func(*rapid.T) any{
	"AppendEntries": func(t *rapid.T) any {
		//lint:ignore SA1019 what is deprecated is in the message all the same
		return &raft.AppendEntriesRequest{RPCHeader: anyHeader(t), Term: number(t), Leader: anyBytes(t), PrevLogEntry: number(t),
			PrevLogTerm: number(t), Entries: entries(t), LeaderCommitIndex: number(t)}
	},
	"AppendEntries, answered": func(t *rapid.T) any {
		return &raft.AppendEntriesResponse{RPCHeader: anyHeader(t), Term: number(t), LastLog: number(t), Success: truth(t), NoRetryBackoff: truth(t)}
	},
	"RequestVote": func(t *rapid.T) any {
		//lint:ignore SA1019 as above
		return &raft.RequestVoteRequest{RPCHeader: anyHeader(t), Term: number(t), Candidate: anyBytes(t), LastLogIndex: number(t),
			LastLogTerm: number(t), LeadershipTransfer: truth(t)}
	},
	"RequestVote, answered": func(t *rapid.T) any {
		return &raft.RequestVoteResponse{RPCHeader: anyHeader(t), Term: number(t), Peers: anyBytes(t), Granted: truth(t)}
	},
	"RequestPreVote": func(t *rapid.T) any {
		return &raft.RequestPreVoteRequest{RPCHeader: anyHeader(t), Term: number(t), LastLogIndex: number(t), LastLogTerm: number(t)}
	},
	"RequestPreVote, answered": func(t *rapid.T) any {
		return &raft.RequestPreVoteResponse{RPCHeader: anyHeader(t), Term: number(t), Granted: truth(t)}
	},
	"InstallSnapshot": func(t *rapid.T) any {
		return &raft.InstallSnapshotRequest{RPCHeader: anyHeader(t), SnapshotVersion: raft.SnapshotVersion(integer(t)), Term: number(t),
			Leader: anyBytes(t), LastLogIndex: number(t), LastLogTerm: number(t), Peers: anyBytes(t), Configuration: anyBytes(t),
			ConfigurationIndex: number(t), Size: int64(integer(t))}
	},
	"InstallSnapshot, answered": func(t *rapid.T) any {
		return &raft.InstallSnapshotResponse{RPCHeader: anyHeader(t), Term: number(t), Success: truth(t)}
	},
	"TimeoutNow":           func(t *rapid.T) any { return &raft.TimeoutNowRequest{RPCHeader: anyHeader(t)} },
	"TimeoutNow, answered": func(t *rapid.T) any { return &raft.TimeoutNowResponse{RPCHeader: anyHeader(t)} },
}

func anyHeader(t *rapid.T) raft.RPCHeader {
	return raft.RPCHeader{ProtocolVersion: raft.ProtocolVersion(integer(t)), ID: anyBytes(t), Addr: anyBytes(t)}
}

// number is one near where its form changes, as often as not.
func number(t *rapid.T) uint64 {
	near := rapid.Custom(func(t *rapid.T) uint64 {
		return uint64(1)<<rapid.SampledFrom([]int{0, 5, 7, 8, 15, 16, 31, 32, 63}).Draw(t, "bit") - uint64(rapid.IntRange(0, 2).Draw(t, "less"))
	})
	return rapid.OneOf(rapid.Uint64(), near).Draw(t, "number")
}

func integer(t *rapid.T) int { return int(number(t)) * rapid.SampledFrom([]int{1, -1}).Draw(t, "sign") }

func truth(t *rapid.T) bool { return rapid.Bool().Draw(t, "truth") }

// anyBytes are none, or of a length near where its form changes.
func anyBytes(t *rapid.T) []byte {
	return bytesOf(t, -1, 0, 1, 2, 31, 32, 255, 256, bufferSize, math.MaxUint16, math.MaxUint16+1)
}

func bytesOf(t *rapid.T, lengths ...int) []byte {
	n := rapid.SampledFrom(lengths).Draw(t, "length")
	if n < 0 {
		return nil
	}
	return bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, n)
}

func entries(t *rapid.T) []*raft.Log {
	n := rapid.SampledFrom([]int{-1, 0, 1, 2, 15, 16, 64}).Draw(t, "entries")
	if n < 0 {
		return nil
	}
	l := &raft.Log{Index: number(t), Term: number(t), Type: raft.LogType(rapid.Byte().Draw(t, "type")), Data: bytesOf(t, -1, 0, 31, 32, 500),
		Extensions: bytesOf(t, -1, 0, 1), AppendedAt: instant(t)}
	all := make([]*raft.Log, n)
	for i := range all {
		all[i] = l
	}
	return all
}

func instant(t *rapid.T) time.Time {
	at := time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "second"), rapid.Int64Range(0, 1e9-1).Draw(t, "nanosecond"))
	zone := time.FixedZone("", rapid.SampledFrom([]int{0, 3600, -1800, 1234}).Draw(t, "offset"))
	return rapid.SampledFrom([]time.Time{{}, at, at.UTC(), at.In(zone)}).Draw(t, "instant")
}

// TestBytesAreThoseOfRaft: what is written here raft's codec would have written, byte by byte; what is read here raft's would have read.
func TestBytesAreThoseOfRaft(t *testing.T) {
	for name, message := range messages {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			m := message(t)
			want := theirs(t, m)
			if got := Append(nil, m); !bytes.Equal(got, want) {
				t.Fatalf("%+v is written as\n%q, by raft's codec as\n%q", m, got, want)
			}
			read, alike := reflect.New(reflect.TypeOf(m).Elem()).Interface(), reflect.New(reflect.TypeOf(m).Elem()).Interface()
			d := NewDecoder(iotest.OneByteReader(bytes.NewReader(append(bytes.Clone(want), "rest"...))))
			if err := d.Decode(read); err != nil || d.Taken() != len(want) {
				t.Fatalf("%d of %d bytes: %v", d.Taken(), len(want), err)
			}
			decodeTheirs(t, want, alike)
			if !reflect.DeepEqual(read, alike) {
				t.Fatalf("%q is read as\n%+v, by raft's codec as\n%+v", want, read, alike)
			}
			if rest, err := io.ReadAll(d); err != nil || string(rest) != "rest" {
				t.Fatalf("%q follows: %v", rest, err)
			}
		}))
	}
}

// TestTextsAreThoseOfRaft for the errors before responses.
func TestTextsAreThoseOfRaft(t *testing.T) {
	for _, n := range []int{0, 1, 31, 32, 255, 256, math.MaxUint16, math.MaxUint16 + 1} {
		text := string(bytes.Repeat([]byte("e"), n))
		b := AppendText(nil, text)
		if want := theirs(t, text); !bytes.Equal(b, want) {
			t.Errorf("%d bytes are written as %.9q, by raft's codec as %.9q", n, b, want)
		}
		if got, err := NewDecoder(bytes.NewReader(b)).Text(); got != text || err != nil {
			t.Errorf("of %d bytes %d are read: %v", n, len(got), err)
		}
	}
}

// TestAnErrorIsFollowedByNoMessage: raft has no response to a request that it refuses.
func TestAnErrorIsFollowedByNoMessage(t *testing.T) {
	b := Append(nil, nil)
	if want := theirs(t, nil); !bytes.Equal(b, want) {
		t.Errorf("%q is written, by raft's codec %q", b, want)
	}
	m := raft.AppendEntriesResponse{Term: 1}
	if err := NewDecoder(bytes.NewReader(b)).Decode(&m); err != nil || m.Term != 1 {
		t.Errorf("%+v: %v", m, err)
	}
}

// TestWhatIsCutOffIsNoMessage: the stream ended in the middle, or all bytes there are do.
func TestWhatIsCutOffIsNoMessage(t *testing.T) {
	m := &raft.AppendEntriesRequest{Term: 300, Entries: []*raft.Log{{Data: make([]byte, 40)}, {Index: 70_000}}}
	whole := Append(nil, m)
	var d Decoder
	for n := range len(whole) {
		d.Reset(whole[:n])
		if err := d.Decode(new(raft.AppendEntriesRequest)); err == nil {
			t.Errorf("%d of %d bytes are a message", n, len(whole))
		}
		stream := NewDecoder(bytes.NewReader(whole[:n]))
		if err := stream.Decode(new(raft.AppendEntriesRequest)); err != io.ErrUnexpectedEOF {
			t.Errorf("a stream of %d of %d bytes: %v", n, len(whole), err)
		}
	}
	if _, err := NewDecoder(bytes.NewReader(nil)).Byte(); err != io.EOF {
		t.Errorf("no request: %v", err)
	}
}

// TestAnyBytesEnd: bytes that mean nothing are an error, or a message, and no more than there are.
func TestAnyBytesEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &raft.AppendEntriesRequest{Entries: []*raft.Log{{Data: []byte("value")}}}
		b := Append(nil, m)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		var d Decoder
		d.Reset(b)
		if _ = d.Decode(m); d.Taken() > len(b) {
			t.Fatalf("%d of %d bytes", d.Taken(), len(b))
		}
	})
}

func BenchmarkAppendEntries(b *testing.B) {
	at := time.Unix(1, 2)
	m := &raft.AppendEntriesRequest{RPCHeader: raft.RPCHeader{ProtocolVersion: 3, ID: []byte("n1"), Addr: []byte("n1:1")}, Term: 3, PrevLogEntry: 1000,
		PrevLogTerm: 3, Entries: []*raft.Log{{Index: 1001, Term: 3, Data: make([]byte, 40), AppendedAt: at}}, LeaderCommitIndex: 1000}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		var room []byte
		var d Decoder
		for b.Loop() {
			room = Append(room[:0], m)
			d.Reset(room)
			_ = d.Decode(new(raft.AppendEntriesRequest))
		}
	})
	b.Run("raft's", func(b *testing.B) {
		b.ReportAllocs()
		handle := &codec.MsgpackHandle{}
		handle.TimeNotBuiltin = true
		var room []byte
		e, d := codec.NewEncoderBytes(&room, handle), codec.NewDecoderBytes(nil, &codec.MsgpackHandle{})
		for b.Loop() {
			room = room[:0]
			e.ResetBytes(&room)
			_ = e.Encode(m)
			d.ResetBytes(room)
			_ = d.Decode(new(raft.AppendEntriesRequest))
		}
	})
}
