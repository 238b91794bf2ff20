package recorded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"faultline/recorded/sessionlog"
)

// input is what a history is read from, once or more often.
type input struct {
	ctx   context.Context
	name  string
	size  int64                     // 0 if it is not known
	open  func() (io.Reader, error) // from the first byte; what was opened before is not read any more
	close func()
	read  int64 // bytes, since it was opened last
}

// stdin is the name that stands for standard input.
const stdin = "-"

// openInput opens a file; of a directory the history in it, or the logs that are one together. What cannot be read again, such as a pipe, is copied to a temporary file while it is
// read.
func openInput(ctx context.Context, name string) (*input, error) {
	if sessionlog.Is(name) {
		return sessionInput(ctx, name), nil
	}
	f, err := find(name)
	if err != nil {
		return nil, err
	}
	in := &input{ctx: ctx, name: f.Name()}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		begin, err := f.Seek(0, io.SeekCurrent) // of standard input another program may have read the beginning
		if err != nil {
			return nil, err
		}
		in.size = info.Size() - begin
		in.open = func() (io.Reader, error) { return rewound(f, begin) }
		in.close = func() { _ = f.Close() } // it was only read
		return in, nil
	}
	s := &spool{from: interruptible(ctx, f)}
	in.open, in.close = s.open, func() { _ = f.Close(); s.remove() }
	return in, nil
}

// sessionInput is binary logs of transactions, as text.
func sessionInput(ctx context.Context, name string) *input {
	in := &input{ctx: ctx, name: name}
	var logs io.ReadCloser
	in.close = func() {
		if logs != nil {
			_ = logs.Close() // it was only read
		}
	}
	in.open = func() (io.Reader, error) {
		in.close()
		var err error
		logs, err = sessionlog.Open(name)
		return logs, err
	}
	return in
}

// begin returns a reader of the whole, from its first byte.
func (in *input) begin() (io.Reader, error) {
	in.read = 0
	r, err := in.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.name, err)
	}
	return &counter{in, r}, nil
}

func rewound(f *os.File, to int64) (io.Reader, error) {
	_, err := f.Seek(to, io.SeekStart)
	return f, err
}

// interruptible is a reader of a file that does not wait for more once the context ends. The one who waits is left to wait.
func interruptible(ctx context.Context, f *os.File) io.Reader {
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { _ = w.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(w, f)
		_ = w.CloseWithError(err) // which is io.EOF for nil
	}()
	return r
}

// spool copies what is read to a temporary file, to be read from there the next time.
type spool struct {
	from io.Reader
	copy *os.File // nil before the first time
}

func (s *spool) open() (io.Reader, error) {
	if s.copy != nil {
		return s.again()
	}
	f, err := os.CreateTemp("", "faultline-history-")
	if err != nil {
		return nil, fmt.Errorf("keep it to read it again: %w", err)
	}
	s.copy = f
	return io.TeeReader(s.from, f), nil
}

// again copies what was not read the first time as well.
func (s *spool) again() (io.Reader, error) {
	if _, err := io.Copy(s.copy, s.from); err != nil {
		return nil, fmt.Errorf("keep it to read it again: %w", err)
	}
	s.from = strings.NewReader("")
	return rewound(s.copy, 0)
}

// remove removes the temporary file.
func (s *spool) remove() {
	if s.copy != nil {
		_ = s.copy.Close()
		_ = os.Remove(s.copy.Name()) // nothing can be done about one that stays
	}
}

func find(name string) (*os.File, error) {
	if name == stdin {
		return os.Stdin, nil
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		for _, in := range []string{"history.jsonl", "history.edn"} {
			f, err := os.Open(filepath.Join(name, in))
			if !errors.Is(err, fs.ErrNotExist) {
				return f, err
			}
		}
		return nil, fmt.Errorf("%s is a directory without a history.jsonl or history.edn", name)
	}
	return os.Open(name)
}

// counter counts what is read of an input, and ends the reading when the context ends.
type counter struct {
	in *input
	r  io.Reader
}

func (c *counter) Read(b []byte) (int, error) {
	if err := c.in.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(b)
	c.in.read += int64(n)
	return n, err
}
