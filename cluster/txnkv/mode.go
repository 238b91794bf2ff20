package txnkv

import "faultline/cluster"

// mode is an isolation level, and how it is kept.
type mode struct {
	cluster.Mode

	// snapshots have a transaction read what was committed when it began, and not commit if another has committed a write to a key that
	// it writes since: the first committer wins.
	snapshots bool
	// conflicts are watched, so that snapshots are serializable: see package ssi.
	conflicts bool
	// across has snapshots of several shards. A mode with snapshots has it if there are several: see across.go.
	across bool

	// What a transaction locks without snapshots to read it, and for how long.
	items, predicates lasting
	// writes is for how long it locks what it writes.
	writes lasting
	// dirty has reads see what is not committed.
	dirty bool

	// anywhere has transactions that only read served from a snapshot by the node near which the client is.
	anywhere bool
	// confirmed has a transaction that has written nothing commit only if a majority confirms that its node still leads.
	confirmed bool
	// clocks give transactions timestamps, and those that only read a snapshot up to one, on all shards.
	clocks bool
}

// lasting is for how long a lock is held.
type lasting uint8

const (
	never lasting = iota
	briefly
	toTheEnd
)

const (
	serializable       = "serializable"
	strictSerializable = "strict-serializable"
)

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: strictSerializable, Claims: "strict serializable", Model: strictSerializable,
		Doc:       "two-phase locking of keys and predicates; a read-only transaction asks a majority whether its node still leads",
		Resembles: "Spanner's and FoundationDB's default",
		Way:       "locks, and a round trip to a majority",
		Keeps:     []string{strictSerializable}},
		items: toTheEnd, predicates: toTheEnd, writes: toTheEnd, confirmed: true},
	{Mode: cluster.Mode{Name: "commit-wait", Claims: "strict serializable while clocks are as right as they say", Model: strictSerializable,
		Unless:    "a clock is more wrong than its bound",
		BrokenBy:  []string{"clock"},
		Doc:       "as strict-serializable, but a read-only transaction takes a timestamp and no locks, and a commit waits until its timestamp has certainly passed",
		Resembles: "Spanner",
		Way:       "locks, a round trip to a majority, and for writes twice the bound of the clocks",
		Keeps:     []string{serializable}},
		items: toTheEnd, predicates: toTheEnd, writes: toTheEnd, clocks: true},
	{Mode: cluster.Mode{Name: serializable, Claims: "serializable", Model: serializable,
		Doc:       "two-phase locking of keys and predicates; a read-only transaction gets an older snapshot from any node",
		Resembles: "Db2's repeatable read, SQL Server's serializable, with read replicas",
		Way:       "locks, and for writes a round trip to a majority",
		Keeps:     []string{serializable}},
		items: toTheEnd, predicates: toTheEnd, writes: toTheEnd, anywhere: true},
	{Mode: cluster.Mode{Name: "serializable-ssi", Claims: "serializable", Model: serializable,
		Doc:       "snapshots, and a transaction in a dangerous structure aborts; a read-only transaction gets a safe snapshot from any node",
		Resembles: "PostgreSQL's serializable",
		Way:       "for writes a round trip to a majority",
		Keeps:     []string{serializable}},
		snapshots: true, conflicts: true, anywhere: true},
	{Mode: cluster.Mode{Name: "snapshot-isolation", Claims: "snapshot isolation", Model: "snapshot-isolation",
		Doc:       "a transaction reads what was committed when it began; of two concurrent ones that write a key, the first to commit wins",
		Resembles: "PostgreSQL's and YugabyteDB's repeatable read, Oracle's serializable, MongoDB's snapshot",
		Way:       "for writes a round trip to a majority",
		Keeps:     []string{"snapshot-isolation"}},
		snapshots: true, anywhere: true},
	{Mode: cluster.Mode{Name: "repeatable-read", Claims: "repeatable read", Model: "repeatable-read",
		Doc:       "two-phase locking of the keys that are there; no lock keeps others from adding keys that a scan did not find",
		Resembles: "Db2's read stability, SQL Server's repeatable read",
		Way:       "locks, and for writes a round trip to a majority",
		Keeps:     []string{"repeatable-read"}},
		items: toTheEnd, writes: toTheEnd},
	{Mode: cluster.Mode{Name: "read-committed", Claims: "read committed", Model: "read-committed",
		Doc:       "writes are locked until the transaction ends, reads only for a moment",
		Resembles: "SQL Server's default, Db2's cursor stability",
		Way:       "locks, and for writes a round trip to a majority",
		Keeps:     []string{"read-committed"}},
		items: briefly, predicates: briefly, writes: toTheEnd},
	{Mode: cluster.Mode{Name: "read-uncommitted", Claims: "read uncommitted", Model: "read-uncommitted",
		Doc:       "writes are locked until the transaction ends, and visible to all at once",
		Resembles: "SQL Server's and MySQL's read uncommitted",
		Way:       "locks of what is written, and for writes a round trip to a majority",
		Keeps:     []string{"read-uncommitted"}},
		dirty: true, writes: toTheEnd},
}
