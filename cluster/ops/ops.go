// Package ops is the vocabulary of operations that are not those of a register: on logs, on keys with revisions that are watched,
// on leases, on sets, queues, ids, counters, banks and locks, on several registers in a transaction, and on a node or the store as
// a whole, which is maintained and asked for a digest. It says what a client is asked to do and how it puts the answer into a value.
// Clients, workloads and checkers share it, and nobody else spells these values.
//
// For the author of a client. An outcome is one of three, by the rule of package cluster: ok if the operation took effect and the
// answer is here, fail if it certainly did not and never will, info if nobody knows. An operation that only asks (Fetch, Poll,
// Watch, Digest, Read) never ends in info: without an answer it has failed, and the client can be asked again. Outcome.Node is
// the node that answered, or else the one that was asked, also when the operation failed. A client sends an operation that
// changes something once. It may send it again only if the first attempt certainly had no effect, or if the store itself
// recognizes the second as the same.
//
// "Waits" means: up to the time-out of the operation, in the world's time. An operation that waits and gets nothing is ok and
// says so; that is no error.
//
// The values that workloads write are integers, each written once in a test, or once to a key by transactions, so that what is read
// tells who wrote it. A store may have something else after a defect, so what is read back is any value. Padding (see cluster.Op) is not part of a value.
package ops

import (
	"fmt"

	"faultline/history"
)

// whole reads an integer.
func whole(v history.Value, what string) (int64, error) {
	n, ok := v.Int()
	if !ok {
		return 0, fmt.Errorf("%s is %s, which is not an integer", what, shown(v))
	}
	return n, nil
}

// count reads a number of things, or a place among them.
func count(v history.Value, what string) (int64, error) {
	n, err := whole(v, what)
	if err == nil && n < 0 {
		return 0, fmt.Errorf("%s is %d, which is less than 0", what, n)
	}
	return n, err
}

// text reads a text.
func text(v history.Value, what string) (string, error) {
	s, ok := v.Text()
	if !ok {
		return "", fmt.Errorf("%s is %s, which is not a text", what, shown(v))
	}
	return s, nil
}

// fields reads a list of so many values.
func fields(v history.Value, n int, what string) ([]history.Value, error) {
	list, ok := v.List()
	if !ok || len(list) != n {
		return nil, fmt.Errorf("%s is %s, which is not a list of %d", what, shown(v), n)
	}
	return list, nil
}

// each reads a list, an element at a time.
func each[T any](v history.Value, what string, read func(history.Value) (T, error)) ([]T, error) {
	list, ok := v.List()
	if !ok {
		return nil, fmt.Errorf("%s is %s, which is not a list", what, shown(v))
	}
	all := make([]T, 0, len(list))
	for _, e := range list {
		t, err := read(e)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// list is the inverse of each.
func list[T interface{ Encode() history.Value }](all []T) history.Value {
	values := make([]history.Value, len(all))
	for i, e := range all {
		values[i] = e.Encode()
	}
	return history.ListValue(values...)
}

func shown(v history.Value) string {
	if v.Kind() == history.None {
		return "missing"
	}
	return v.String()
}
