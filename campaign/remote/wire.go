package remote

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// batch is a message of trials, which one worker runs one after the other. Within a campaign trials differ little, and what they share is said
// once.
type batch struct {
	Shared json.RawMessage `json:"shared"`         // a shared
	Keep   *trial.Keep     `json:"keep,omitempty"` // which runs are wanted
	Trials []task          `json:"trials"`
	Again  bool            `json:"again,omitempty"` // a worker was lost that had them
	shared *shared         // as a worker has read it
}

// shared is what the trials of a batch have in common.
type shared struct {
	Input         world.Input           `json:"input"` // without seed and schedule
	CheckTimeout  time.Duration         `json:"check_timeout"`
	SecondOpinion checker.SecondOpinion `json:"second_opinion,omitempty"`
	Memory        int64                 `json:"memory"` // bound of the world, in bytes
	Whole         bool                  `json:"whole"`  // all runs are wanted
}

// task is a trial of a batch.
type task struct {
	Key      key    `json:"key"`
	Seed     uint64 `json:"seed"`
	Schedule string `json:"schedule"`
}

func (b batch) pack() []byte {
	text, err := pack(b)
	if err != nil {
		panic(err) // what is shared was encoded before
	}
	return text
}

// parts are a batch as batches of one trial each, of which some have done harm to a worker.
func (b batch) parts() []batch {
	var all []batch
	for i := range b.Trials {
		all = append(all, batch{Shared: b.Shared, Keep: b.Keep, Trials: b.Trials[i : i+1], Again: true})
	}
	return all
}

// partOf is what the queue calls a part of a batch.
func partOf(key string, n int) string { return fmt.Sprintf("%s-%d", key, n) }

// input is what the world of a task needs.
func (s shared) input(t task) world.Input {
	in := s.Input
	in.Spec.Seed, in.Schedule = t.Seed, t.Schedule
	return in
}

// text is what is shared, as text.
func (s *shared) text() []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a spec was read from JSON or from flags, and is stored as JSON
	}
	return b
}

// key names a task in its campaign. It is made of all that decides what comes of it, and of whether all of that is wanted.
type key [16]byte

// key is the name of a task that was asked for so many times before.
func (t task) key(shared []byte, asked uint32) (k key) {
	h := sha256.New()
	h.Write(shared)
	h.Write(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, t.Seed), asked))
	h.Write([]byte(t.Schedule))
	copy(k[:], h.Sum(nil))
	return k
}

// MarshalText implements encoding.TextMarshaler.
func (k key) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, k[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *key) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(k) {
		return fmt.Errorf("a key of %d digits, and not %d", len(text), hex.EncodedLen(len(k)))
	}
	_, err := hex.Decode(k[:], text)
	return err
}

// reply is the message that answers a batch.
type reply struct {
	Worker  string        `json:"worker"` // its name
	Build   string        `json:"build"`  // of the worker
	Took    time.Duration `json:"took"`   // all of the trials
	Answers []*answer     `json:"answers,omitempty"`
	Failed  string        `json:"failed,omitempty"` // why there are no answers
}

// digest tells whether two replies say the same of the histories.
func (r reply) digest() string {
	h := sha256.New()
	for _, a := range r.Answers {
		h.Write([]byte(a.Line.Digest + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// answer is what came of a task.
type answer struct {
	Key     key          `json:"key"`
	Line    results.Line `json:"line,omitzero"`
	Run     *carried     `json:"run,omitempty"`
	Refused string       `json:"refused,omitempty"` // why the system cannot be tested
	Failed  string       `json:"failed,omitempty"`  // why there is no other answer
}

// carried is a run as it comes from another machine.
type carried struct {
	Run     results.Run   `json:"run"` // without the history
	History []byte        `json:"history"`
	Wall    time.Duration `json:"wall"`
	Replay  string        `json:"replay"` // in place of what the history says
}

func carry(t *trial.Trial) (*carried, error) {
	var text bytes.Buffer
	if _, err := t.History.WriteTo(&text); err != nil {
		return nil, err
	}
	c := &carried{Run: t.Run, History: text.Bytes(), Wall: t.Wall, Replay: t.History.Header.Replay}
	c.Run.History = nil
	return c, nil
}

func (c *carried) trial() (*trial.Trial, error) {
	h, err := history.ReadTape(bytes.NewReader(c.History))
	if err != nil {
		return nil, err
	}
	t := &trial.Trial{Run: c.Run, Wall: c.Wall}
	t.History = h
	t.History.Header.Replay = c.Replay
	return t, nil
}

// scratch is memory in which a message is encoded or decoded. Nothing of it is in what comes of that.
type scratch struct {
	text   bytes.Buffer
	packed []byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// pack encodes a message.
func pack(v any) ([]byte, error) {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.text.Reset()
	if err := json.NewEncoder(&s.text).Encode(v); err != nil {
		return nil, err
	}
	s.packed = packer().EncodeAll(s.text.Bytes(), s.packed[:0])
	return bytes.Clone(s.packed), nil
}

// unpack decodes a message. What another build wrote may not be understood.
func unpack(b []byte, v any) error {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	var err error
	if s.packed, err = unpacker().DecodeAll(b, s.packed[:0]); err == nil {
		err = json.Unmarshal(s.packed, v)
	}
	if err != nil {
		return fmt.Errorf("read what another program wrote: %w", err)
	}
	return nil
}

var packer = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err) // the options are constants
	}
	return e
})

var unpacker = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil)
	if err != nil {
		panic(err) // there are no options
	}
	return d
})
