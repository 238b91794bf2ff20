package remote

import (
	"bytes"
	"crypto/sha256"
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

// task is a trial as it is published.
type task struct {
	Input         world.Input           `json:"input"`
	CheckTimeout  time.Duration         `json:"check_timeout"`
	SecondOpinion checker.SecondOpinion `json:"second_opinion,omitempty"`
	Memory        int64                 `json:"memory"`         // bound of the world, in bytes
	Whole         bool                  `json:"whole"`          // the run is wanted in any case
	Keep          *trial.Keep           `json:"keep,omitempty"` // else, when it is
}

// key names a task in its campaign. It is made of what decides what comes of it, and of whether all of that is wanted.
func (t task) key() string {
	t.Keep = nil
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // a spec was read from JSON or from flags, and is stored as JSON
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// answer is what came of a task.
type answer struct {
	Worker  string       `json:"worker"` // its name
	Build   string       `json:"build"`  // of the worker
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

// pack encodes a message.
func pack(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return packer().EncodeAll(b, nil), nil
}

// unpack decodes a message. What another build wrote may not be understood.
func unpack(b []byte, v any) error {
	b, err := unpacker().DecodeAll(b, nil)
	if err == nil {
		err = json.Unmarshal(b, v)
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
