// Package sessionlog reads the binary logs of transactions that Cobra and DBCop leave behind, as the text that package history takes for a
// history by sessions: an operation a line, such as w(3,17,0,1), with its key, value, session and transaction.
//
// Cobra (OSDI 2020; also read by PolySI and AWDIT) leaves a directory with a log for each client. Keys are hashes there and values the numbers
// of writes, which are unique. DBCop (OOPSLA 2019; also read by PolySI and AWDIT) leaves a file history.bincode.
package sessionlog

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Is reports whether a name is that of a directory of Cobra's, or of a file of DBCop's or a directory that has one.
func Is(name string) bool { return dbcopFile(name) != "" || len(cobraLogs(name)) > 0 }

// Open reads what Is recognizes. Its errors, also those of the reader, name the file.
func Open(name string) (io.ReadCloser, error) {
	if file := dbcopFile(name); file != "" {
		return openAll([]string{file}, func(in *bufio.Reader, _ int) source { return newDBCop(in) })
	}
	return openAll(cobraLogs(name), func(in *bufio.Reader, session int) source { return &cobra{in: in, session: session} })
}

// source is a log that is being read.
type source interface {
	// transaction writes the lines of the next transaction. It returns io.EOF after the last one.
	transaction(out *bytes.Buffer) error
}

// text is several logs as one text.
type text struct {
	files   []*os.File
	sources []source
	lines   bytes.Buffer
	damage  error // it stays: who looks ahead for the format reads once more after it
}

func openAll(names []string, read func(in *bufio.Reader, session int) source) (io.ReadCloser, error) {
	t := &text{}
	for session, name := range names {
		f, err := os.Open(name)
		if err != nil {
			_ = t.Close()
			return nil, err
		}
		t.files = append(t.files, f)
		t.sources = append(t.sources, read(bufio.NewReader(f), session))
	}
	return t, nil
}

func (t *text) Read(b []byte) (int, error) {
	for t.lines.Len() == 0 {
		switch {
		case t.damage != nil:
			return 0, t.damage
		case len(t.sources) == 0:
			return 0, io.EOF
		}
		err := t.sources[0].transaction(&t.lines)
		switch {
		case err == io.EOF:
			t.sources = t.sources[1:]
		case err != nil:
			t.damage = fmt.Errorf("%s: %w", t.files[len(t.files)-len(t.sources)].Name(), err)
		}
	}
	return t.lines.Read(b)
}

func (t *text) Close() error {
	for _, f := range t.files {
		_ = f.Close() // it was only read
	}
	return nil
}

// cobraLogs are the logs of a directory of Cobra's, in order of their names.
func cobraLogs(dir string) []string {
	found, _ := filepath.Glob(filepath.Join(dir, "*.log"))
	slices.Sort(found)
	for _, name := range found {
		if !beginsWith(name, 'S') {
			return nil
		}
	}
	return found
}

// beginsWith tells whether the first byte of a file is the given one; of an empty file that is not known, and so it may be.
func beginsWith(name string, c byte) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	var first [10]byte
	n, _ := io.ReadFull(f, first[:])
	return n == 0 || n >= 9 && first[0] == c && first[1] == 0 // the number of a transaction is below 2^56, and no text has a zero
}

// dbcopFile is the file of DBCop's that a name stands for; empty if it stands for none.
func dbcopFile(name string) string {
	const ending = ".bincode"
	if info, err := os.Stat(name); err != nil {
		return ""
	} else if info.IsDir() {
		name = filepath.Join(name, "history"+ending)
	}
	if info, err := os.Stat(name); err != nil || info.IsDir() || !strings.HasSuffix(name, ending) {
		return ""
	}
	return name
}

// writeOperation writes a line. Transaction aborted stands for any that took no effect.
func writeOperation(out *bytes.Buffer, f byte, key, value int64, session, transaction int) {
	fmt.Fprintf(out, "%c(%d,%d,%d,%d)\n", f, key, value, session, transaction)
}

const aborted = -1

// unexpected is the error for a log that ends too early.
func unexpected(err error, where string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file ends within %s: it was cut off", where)
	}
	return err
}
