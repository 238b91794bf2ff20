// Package nemesis is faults as text: a language for schedules of faults, generators that draw schedules
// from a seed, and a Runner that carries one out.
//
// A schedule has one event a line, a time since the start of the test and what is done then:
//
//	12.5s partition n1,n2 | n3,n4,n5   # two halves that do not hear each other
//	18s   heal
//	20s   crash leader
//	25s   restart all                # or restart-older: without the newest snapshot, where the rest is enough
//
// The clock of a node's machine jumps, drifts, or jumps back and forth until it is set right:
//
//	30s   jump leader -2s
//	35s   drift n1,n2 1.05             # gains three seconds in a minute
//	40s   strobe one +300ms every 100ms
//	45s   correct all
//
// A node then decides wrongly what it decides by its clock, such as how long a lease lasts and how old a bounded read may
// be. Timers inside the process, including raft's, run on a monotonic clock that nobody sets.
//
// The leader hands over to a node, or to one of its own choice if none is named. This needs no end:
//
//	50s   transfer n3
//	55s   transfer
//
// Nodes leave the cluster and join it again, by way of its leader: as voters, or without a vote. More than half of
// all nodes stay voters:
//
//	60s   remove leader
//	65s   demote n2
//	70s   add-nonvoter all
//	75s   promote n2
//	80s   add all                      # as voters, whatever they are
//	85s   replace one                  # by a machine with an empty disk, once all others know of its removal
//
// An action aims at nodes by name, or by a symbol (leader, one, minority, majority, all) that the
// Runner resolves at that moment.
//
// The faults of the network are independent: what one does, another neither undoes nor ends. Each lasts until an
// event says end and its name; only a reset is over at once. LINKS are those of the nodes that are named, in both
// directions; n1,n2 | n3 means those between groups, and leader > rest means one direction.
//
//	oneway leader > rest             # what is sent to the right is lost
//	flap n1,n2 | n3 every 300ms      # cut, mended, cut again
//	chase leader every 200ms         # cut off whoever leads, and look this often who that is
//	delay LINKS by 100ms jitter 50ms # jitter is the mean of an exponential tail, and may be left out
//	loss LINKS 20%                   # late by retransmission, with all that follows on the connection
//	throttle LINKS to 20kB/s         # B/s, kB/s, MB/s
//	reorder LINKS by 100ms           # connections overtake each other; each keeps its order
//	duplicate leader 50%             # connections made to a node come again, and end at once
//	reset n1,n2                      # or n1 | n2,n3: connections break, ECONNRESET at both ends
//	end delay
//
// They are what TCP shows an application: late bytes and failed connections, but never missing, repeated or
// reordered bytes within a connection.
//
// The load of the test itself can be made heavier. That damages no node, but makes common what is otherwise rare: long
// queues and batches, conflicts on one key, large frames, logs and snapshots:
//
//	burst x5                         # five times as many operations
//	hot-key 90%                      # 90 % of the operations go to one key
//	large-values 32kB                # each value written is 32 kB larger
//	slow-clients 20 by 200ms         # 20 clients send and read a few bytes at a time, and wait 200 ms in between
//	end burst
//	end load                         # all of these
//
// Some faults belong to a node and last until a verb of their own ends them, whatever happens to the node's process
// meanwhile:
//
//	disk-slow n1 20ms 50ms        disk-fast            each sync takes 20 ms longer, and a tail of mean 50 ms
//	disk-stuck leader             disk-unstuck         no sync ends
//	disk-error one                disk-mend            writes fail with an I/O error
//	disk-full one                 disk-free            writes fail for want of space
//	disk-nosync majority          disk-sync            syncs do nothing; or power-cycle, which loses what they left
//	bit-flip n1 snapshot          repair               a bit flips in the log or the newest snapshot
//	truncate n1 snapshot          untruncate           the end of it is lost
//	crash-at leader log-sync      disarm               the process dies when it next gets to a point
//	crash-loop n1 300ms           crash-loop-end       the process is killed and started in turn
//	rolling-restart all 500ms     rolling-restart-end  each is killed and started, one after the other
//
// A bad disk or a crash point makes a process die by itself. That is recorded when it happens, as crash-at, or as
// panic where raft cannot go on: it panics when it cannot write its term. When the fault that a process died of ends,
// the process is started again, if that has not happened yet. The points to crash at are log-write (before entries
// are written), log-sync (after they are written and before they are synced), vote (between storing the term and the
// candidate), snapshot (before it exists) and restore (before it replaces the state).
//
// A process does not start on a disk that fails, is full or stuck, nor after a bit-flip, because a store that checks
// what it reads refuses. Only a repair helps then, which Heal does too: it puts the bit back, as from a mirror. An
// empty disk in its place would be another fault: its node forgets what it has promised. What can be damaged is the
// system's to say; all but the names log and snapshot are its own.
//
// A sound store stays sound under all of this, with two exceptions: disk-nosync before a loss of power, and truncate of a
// log. They take away what a store must rely on, and acknowledged writes may be lost. So they are of the families
// unsafe-disk and truncate, which are drawn only if they are named.
//
// The package guarantees:
//
//   - A schedule that is printed and parsed again is the same schedule.
//   - A schedule follows from its options and generator alone. The choices of a Runner follow from its generator, the
//     schedule and the answers of the system.
//   - Every action is recorded in the form that history.Faults reads. One that had no effect is recorded with the reason.
//   - After Heal a Runner leaves nothing cut, impaired, down, paused, with a wrong clock or without a vote. If the system
//     refused, that is recorded too.
//
// Names of nodes must not be words of the language (Check and Generate refuse them), the schedule must be one that Check
// accepted for the same nodes, and nobody else may cause faults meanwhile. The system must allow a paused node to be
// crashed, which ends the pause.
package nemesis
