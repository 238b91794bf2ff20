package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

// Start starts a program that serves a queue on its standard input and output, and opens that. What the program says goes to stderr. The
// program ends with the queue, or with this one.
func Start(ctx context.Context, program string, at Server, stderr io.Writer) (Queue, error) {
	cmd := exec.Command(program)
	detach(cmd) // Ctrl-C is for this program, which still has something to say to the other then
	cmd.Stderr = stderr
	conn, err := pipes(cmd)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	q, err := Connect(ctx, conn, at)
	if errors.Is(err, ErrClosed) {
		err = fmt.Errorf("start %s: %w", program, errors.Join(ErrClosed, cmd.Wait()))
	}
	if err != nil {
		return nil, err
	}
	return &process{Queue: q, cmd: cmd}, nil
}

// process is a queue that ends its program when it is closed.
type process struct {
	Queue
	cmd  *exec.Cmd
	once sync.Once
	err  error
}

func (p *process) Close() error {
	p.once.Do(func() { p.err = errors.Join(p.Queue.Close(), p.cmd.Wait()) })
	return p.err
}

// stdio is the connection to a program by its standard input and output.
type stdio struct {
	io.ReadCloser
	io.WriteCloser
}

func pipes(cmd *exec.Cmd) (io.ReadWriteCloser, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	return stdio{out, in}, err
}

// Close has the other end stop reading. What it still says is read until it ends.
func (s stdio) Close() error { return s.WriteCloser.Close() }

// Stdio is the connection of a program that was started by Start.
func Stdio() io.ReadWriteCloser { return stdio{os.Stdin, os.Stdout} }
