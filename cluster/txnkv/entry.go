package txnkv

import (
	"cmp"
	"encoding/json"
	"fmt"

	"faultline/cluster/objects"
	"faultline/history"
)

// id names a transaction: a client has one at a time, and numbers them.
type id struct {
	Client uint64 `json:"c"`
	Serial uint64 `json:"n"`
}

func (i id) String() string { return fmt.Sprintf("T%d.%d", i.Client, i.Serial) }

// compare is some order of transactions, so that a map of them is always written and walked in the same one.
func (i id) compare(j id) int {
	return cmp.Or(cmp.Compare(i.Client, j.Client), cmp.Compare(i.Serial, j.Serial))
}

// change is what a transaction does to a key. To write null is to delete it.
type change struct {
	Key    string `json:"k"`
	Append bool   `json:"a,omitempty"`
	Value  string `json:"v"` // JSON, which may be padded
}

func (c change) value() history.Value { return objects.Parsed(c.Value) }

// to is what a key has after the change. It is an error to append to what is no list.
func (c change) to(v history.Value) (history.Value, error) {
	if !c.Append {
		return c.value(), nil
	}
	elements, isList := v.List()
	if !isList && v.Kind() != history.Nil {
		return v, fmt.Errorf("%s is %v, to which nothing can be appended", c.Key, v)
	}
	return history.ListValue(append(elements[:len(elements):len(elements)], c.value())...), nil
}

// What an entry of the log is.
const (
	begins  = "lead"   // a new leader's first: what came before it is committed then
	commits = "commit" // all that a transaction writes on this shard; on the coordinator's it is the decision for all shards

	prepares = "prepare" // what a transaction will write on this shard, if the coordinator decides so
	decides  = "decide"  // what the coordinator has decided of a transaction that was prepared
	closes   = "close"   // up to which timestamp none is given any more
)

// entry is one of the replicated log.
type entry struct {
	Kind string `json:"kind"`
	Txn  id     `json:"txn"`
	// Term is the one in which the transaction began. The entry has no effect if its leader appended it in another: the locks that
	// kept the transaction apart from others are those of that term.
	Term    uint64   `json:"term,omitempty"`
	Changes []change `json:"w,omitempty"`
	// Coordinator is whom to ask what was decided of a transaction that is prepared, and Commit what was.
	Coordinator participant `json:"coordinator,omitzero"`
	Commit      bool        `json:"commit,omitempty"`
	// Stamp is with clocks the timestamp that was given, promised, decided or closed, and across shards that of a decision.
	Stamp stamp `json:"stamp,omitempty"`
	// Safe is an index up to which a snapshot is known to be safe: see package ssi.
	Safe uint64 `json:"safe,omitempty"`
}

// at is the place of what an entry commits in the order of commits.
func (e entry) at(index uint64) stamp {
	if e.Stamp > 0 {
		return e.Stamp
	}
	return index
}

func (e entry) encode() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("txnkv: an entry that is not JSON: %v", err))
	}
	return b
}

func decodeEntry(b []byte) (e entry, err error) { return e, json.Unmarshal(b, &e) }
