package txnkv

import (
	"slices"
	"strings"

	"faultline/history"
)

// stamp is a place in the order of commits, and a snapshot is all that was committed up to one. It is the index in the log, across
// shards in that of the first, or with clocks a time, in nanoseconds.
type stamp = uint64

// newest is a stamp of which all that is committed is before.
const newest = ^stamp(0)

// version is what a key has from a stamp on; null if it is not there.
type version struct {
	from  stamp
	value history.Value
}

// keyspace has the versions of each key, the oldest first. They are kept for as long as the process lives, as a test takes minutes.
type keyspace struct {
	versions map[string][]version
	sorted   []string // the keys
	// horizon is the oldest snapshot that can be read: what a key had before that is lost.
	horizon stamp
}

func newKeyspace() keyspace { return keyspace{versions: map[string][]version{}} }

// at returns what a key has in a snapshot; null if it is not there.
func (k *keyspace) at(key string, s stamp) history.Value { return k.version(key, s).value }

func (k *keyspace) version(key string, s stamp) version {
	all := k.versions[key]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].from <= s {
			return all[i]
		}
	}
	return version{value: history.NilValue()}
}

// written is when a key was written last; 0 if it never was.
func (k *keyspace) written(key string) stamp {
	if all := k.versions[key]; len(all) > 0 {
		return all[len(all)-1].from
	}
	return 0
}

// put gives a key a version that is later than all that it has.
func (k *keyspace) put(key string, v version) {
	if _, known := k.versions[key]; !known {
		i, _ := slices.BinarySearch(k.sorted, key)
		k.sorted = slices.Insert(k.sorted, i, key)
	}
	k.versions[key] = append(k.versions[key], v)
}

// with lists the keys that begin with a prefix and ever were there, in order.
func (k *keyspace) with(prefix string) []string {
	from, _ := slices.BinarySearch(k.sorted, prefix)
	to := from
	for to < len(k.sorted) && strings.HasPrefix(k.sorted[to], prefix) {
		to++
	}
	return k.sorted[from:to]
}
