// Package etcdreport reads what etcd's robustness tests leave behind (tests/robustness in its repository): a directory with a client-N for
// each client, which has the requests in operations.json and what watches were told in watch.json.
//
// A report becomes two histories, as it can be asked two questions. Changes are what was put and deleted, and what watches told of it: whether
// watches keep etcd's guarantees is for package delivery. Registers are the reads and writes of each key by itself: whether they are
// linearizable is for package linear. What registers leave out can only make an invalid history valid, and never a valid one invalid:
//
//	conditions        a transaction that took effect is its writes, whatever it had compared
//	several keys      a transaction is an operation on each of its keys, at any times between its call and its return
//	ranges, old reads reads of several keys, of a past revision and of keys alone are not looked at
//	leases            a key that is attached to a lease may be deleted at any time from then on
package etcdreport

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The files of a client.
const (
	clientPrefix   = "client-"
	operationsFile = "operations.json"
	watchFile      = "watch.json"
)

// Report is one that was read.
type Report struct {
	operations []operation
	watches    []watch
	// Skipped counts watches of a single key, of which it cannot be told from the history what they should have.
	Skipped int
}

// Is reports whether a directory is a report: a client of it has a file. What cannot be read is none.
func Is(dir string) bool {
	found, _ := clients(dir)
	for _, client := range found {
		for _, name := range []string{operationsFile, watchFile} {
			if _, err := os.Stat(filepath.Join(client, name)); err == nil {
				return true
			}
		}
	}
	return false
}

// clients are the directories of the clients of a report.
func clients(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var found []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), clientPrefix) {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found, err
}

// Read reads the report in a directory. Errors name the file.
func Read(dir string) (*Report, error) {
	found, err := clients(dir)
	if err != nil {
		return nil, err
	}
	r := &Report{}
	for _, client := range found {
		if _, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(client), clientPrefix)); err != nil {
			return nil, fmt.Errorf("%s: a client has a number", client)
		}
		if err := each(filepath.Join(client, operationsFile), func(op operation) { r.operations = append(r.operations, op) }); err != nil {
			return nil, err
		}
		if err := each(filepath.Join(client, watchFile), r.watched); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Report) watched(w watch) {
	if !w.Request.WithPrefix {
		r.Skipped++
		return
	}
	r.watches = append(r.watches, w)
}

// each decodes the values in a file, one after the other. A client that has none of a kind has no file.
func each[T any](path string, take func(T)) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	for d := json.NewDecoder(f); ; {
		var v T
		switch err := d.Decode(&v); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: byte %d: %w", path, d.InputOffset(), err)
		}
		take(v)
	}
}

// operation is a request with its response, as etcd writes it. Times are nanoseconds since the start.
type operation struct {
	ClientID int // of a stream of operations that come one after the other
	Call     time.Duration
	Return   time.Duration
	Input    struct {
		Type  string
		Range *struct {
			options
			Revision int64
		}
		Txn *struct {
			OperationsOnSuccess []step
			OperationsOnFailure []step
		}
	}
	Output struct {
		Txn *struct {
			Failure bool
			Results []result
		}
		Range       *result
		ClientError string
		Revision    int64
		Error       string
	}
}

type options struct {
	Start    string
	End      string
	KeysOnly bool
}

// single reports whether a range is one key with its value.
func (o options) single() bool { return o.End == "" && !o.KeysOnly }

// step is a part of a transaction. A put or a delete alone is a transaction too.
type step struct {
	Type  string
	Range options
	Put   struct {
		Key     string
		Value   value
		LeaseID int64
	}
	Delete struct{ Key string }
}

// The types of requests and steps.
const (
	rangeRequest = "range"
	txnRequest   = "txn"
	rangeStep    = "range-operation"
	putStep      = "put-operation"
	deleteStep   = "delete-operation"
)

type result struct {
	KVs []struct {
		Key   string
		Value value
	}
	Deleted int64
}

// value is a value or, of one that is long, its hash.
type value struct {
	Value string
	Hash  uint32
}

// watch is a watch with what it was told.
type watch struct {
	Request struct {
		Key        string
		Revision   int64
		WithPrefix bool
	}
	Responses []struct {
		Events []struct {
			Type     string
			Key      string
			Value    value
			Revision int64
		}
		IsProgressNotify bool
		Revision         int64
		Time             time.Duration
		Error            string
	}
}
