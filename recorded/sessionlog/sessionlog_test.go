package sessionlog

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// record is a letter and numbers, as Cobra writes them.
func record(letter byte, numbers ...int64) []byte {
	b := []byte{letter}
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return b
}

// read reads a name, which must be recognized.
func read(t *testing.T, name string) (string, error) {
	t.Helper()
	if !Is(name) {
		t.Fatalf("%s is not recognized", name)
	}
	in, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	b, err := io.ReadAll(in)
	return string(b), err
}

func writeFile(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestCobra(t *testing.T) {
	committed := bytes.Join([][]byte{
		record('S', 7), record('W', 100, -3, 55), record('R', cobraInitial, cobraInitial, 4, 0), record('C', 7),
		record('S', 8), record('W', 101, 4, 56), record('A', 8),
	}, nil)
	other := bytes.Join([][]byte{
		record('S', 7<<33), record('R', 7, 100, -3, 55), record('R', cobraNull, cobraNull, 4, 0), record('R', cobraInitial, cobraMark, 9, 0), record('C', 7<<33),
	}, nil)
	timed := bytes.Join([][]byte{record('S', 1, 1_600_000_000), record('W', 5, 6, 7), record('C', 1, 1_600_000_001), record('S', 2, 3), record('C', 2, 4)}, nil)
	for _, test := range []struct {
		name, want string
		logs       [][]byte
	}{
		{"two sessions", "w(-3,100,0,0)\nr(4,0,0,0)\nw(4,101,0,-1)\nr(-3,100,1,4294967296)\nr(4,0,1,4294967296)\n", [][]byte{committed, other}},
		{"times", "w(6,5,0,0)\n", [][]byte{timed}},
		{"an empty log", "w(6,5,1,4294967296)\n", [][]byte{nil, timed}},
		{"cut off", "the file ends within transaction 7: it was cut off", [][]byte{committed[:30]}},
		{"no record", `byte 35: 'X' where R, W, C or A should be`, [][]byte{bytes.Join([][]byte{record('S', 1), record('W', 5, 6, 7), record('X', 2)}, nil)}},
		{"another end", "byte 43: transaction 2 ends where 1 should", [][]byte{bytes.Join([][]byte{record('S', 1), record('W', 5, 6, 7), record('C', 2)}, nil)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for i, log := range test.logs {
				writeFile(t, filepath.Join(dir, "T"+string(rune('0'+i))+".log"), log)
			}
			got, err := read(t, dir)
			if err != nil {
				got = err.Error()
			}
			if !strings.HasSuffix(got, test.want) {
				t.Errorf("%s instead of %s", got, test.want)
			}
		})
	}
}

// bincode is what DBCop writes: numbers are int64, and what there are several of is a slice.
func bincode(b []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case int:
			b = binary.LittleEndian.AppendUint64(b, uint64(v))
		case string:
			b = append(bincode(b, len(v)), v...)
		case bool:
			if b = append(b, 0); v {
				b[len(b)-1] = 1
			}
		case []any:
			b = bincode(bincode(b, len(v)), v...)
		}
	}
	return b
}

func TestDBCop(t *testing.T) {
	event := func(write bool, key, value int, done bool) []any { return []any{write, key, value, done} }
	transaction := func(committed bool, events ...[]any) []byte {
		b := bincode(nil, len(events))
		for _, e := range events {
			b = bincode(b, e...)
		}
		return bincode(b, committed)
	}
	b := bincode(nil, 0, 2, 2, 3, 5, "info", "start", "end", 2)
	b = bincode(b, 2)
	b = append(b, transaction(true, event(true, 1, 5, true), event(false, 2, 0, true), event(false, 2, 9, false))...)
	b = append(b, transaction(false, event(true, 1, 6, true), event(false, 2, 0, true))...)
	b = bincode(b, 1)
	b = append(b, transaction(true, event(false, 1, 5, true))...)
	name := filepath.Join(t.TempDir(), "history.bincode")
	for _, test := range []struct {
		name, want string
		file       []byte
	}{
		{"two sessions", "w(1,5,0,0)\nr(2,0,0,0)\nw(1,6,0,-1)\nr(1,5,1,2)\n", b},
		{"cut off", "the file ends within session 1: it was cut off", b[:len(b)-3]},
		{"too long", "something follows the end of the history", append(bytes.Clone(b), 0)},
		{"no head", "the file ends within its head: it was cut off", b[:20]},
	} {
		t.Run(test.name, func(t *testing.T) {
			writeFile(t, name, test.file)
			for _, name := range []string{name, filepath.Dir(name)} {
				got, err := read(t, name)
				if err != nil {
					got = err.Error()
				}
				if !strings.HasSuffix(got, test.want) {
					t.Errorf("%s instead of %s", got, test.want)
				}
			}
		})
	}
}

func TestOthersAreNone(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "jepsen.log"), []byte("S 2019-04-01 11:25:00,722 is a line of text"))
	for _, name := range []string{dir, filepath.Join(dir, "jepsen.log"), filepath.Join(dir, "missing"), "-"} {
		if Is(name) {
			t.Errorf("%s is taken for logs of transactions", name)
		}
	}
}
