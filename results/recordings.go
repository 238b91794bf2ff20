package results

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"faultline/cluster/report"
)

// The files of what a run recorded about its cluster.
const (
	progressFile = "progress.json"
	messagesFile = "messages.jsonl"
)

// ErrNotTraced means that a run has no trace of its messages.
var ErrNotTraced = errors.New("its messages were not recorded")

// ReadMessages reads the trace of the run in a directory. The error is ErrNotTraced if there is none; otherwise it names
// the file and the line.
func ReadMessages(dir string) ([]report.Message, error) {
	path := filepath.Join(dir, messagesFile)
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", dir, ErrNotTraced)
	case err != nil:
		return nil, err
	}
	defer f.Close()
	messages := []report.Message{}
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 0, 1<<16), 1<<20)
	for n := 1; in.Scan(); n++ {
		var m report.Message
		if err := json.Unmarshal(in.Bytes(), &m); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		messages = append(messages, m)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", path, len(messages)+1, err)
	}
	return messages, nil
}

// WriteMessages adds the trace of a run to the directory in which the run is kept.
func WriteMessages(dir string, messages []report.Message) error {
	if err := replaceFile(dir, messagesFile, messageLines(messages)); err != nil {
		return fmt.Errorf("store the messages in %s: %w", dir, hint(err))
	}
	return nil
}

func messageLines(messages []report.Message) func(io.Writer) error {
	return func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		for i := range messages {
			if err := e.Encode(&messages[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// readProgress reads how far the nodes were. Earlier builds did not record it.
func readProgress(dir string) ([]report.Progress, error) {
	var progress []report.Progress
	err := readJSON(filepath.Join(dir, progressFile), &progress)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return progress, err
}

// lines writes values as a JSON array with a line for each.
func lines[T any](values []T) func(io.Writer) error {
	return func(w io.Writer) error {
		before := "[\n"
		for i := range values {
			line, err := json.Marshal(&values[i])
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s%s", before, line); err != nil {
				return err
			}
			before = ",\n"
		}
		if len(values) == 0 {
			before = "["
		}
		_, err := io.WriteString(w, strings.TrimPrefix(before, ",")+"]\n")
		return err
	}
}
