// Package delivery judges logs and watches: whether what was acknowledged reaches every reader, in order, once, and the same for all.
//
// A log and a watch are one thing here. Writers put entries at positions that grow: records at offsets, or changes of keys at
// revisions. A reading returns the entries from a position on. All that clients saw must be explained by one history of the store:
//
//	durable       an entry that was acknowledged is there in the end, near every node
//	agreed        a position has one content, whoever reads it, and it is the one that was acknowledged there
//	unique        an entry is at one position, and a reading has it once
//	ordered       a reading has positions in increasing order, from where it was asked to begin; and what was written after
//	              something was acknowledged, or was read, has a larger position
//	reliable      a reading leaves out nothing between where it begins and where it ends that was acknowledged or that
//	              another one has
//	atomic        what was written together is there as a whole: at one position of a watch, or in several logs
//	bookmarkable  after the notice that everything up to a position has been delivered comes nothing up to it
//	sound         nothing is there that nobody wrote, or whose write failed, or that was not yet written
//
// For watches these are etcd's guarantees by their names (https://etcd.io/docs/latest/learning/api_guarantees); durable, agreed and
// sound are those of its revisions. A position that nobody knows of is no gap: other changes have taken it.
//
// Readings of the last phases are final: all is healed and nobody writes. The reader near each node asks until it was told
// everything and then once more in vain. What it does not get within a minute is lost. If a reader could not read to the end the
// answer is unknown, whatever the others got.
//
// The package needs that each value is written once, or again after a write that failed or was aborted, and that operations keep to
// package ops. A record or event is identified by its value; a deletion has none, so deletions are told apart by their revisions and counted only.
package delivery
