// Package visibility judges what reads see of writes, where each checker knows one anomaly and looks for it in any history, however large.
//
//	LongFork    two reads see two writes in different orders: one sees the first and not the second, and the other the reverse.
//	            Parallel snapshot isolation allows it, snapshot isolation and serializability do not (Jepsen's long-fork).
//	Monotonic   what only grows is seen to shrink by a process (Jepsen's and Elle-cli's sequential and monotonic workloads).
//	Causal      a process does not see what it has just written (Jepsen's causal).
//
// Causal reverse is in package sets, as its reads return sets. What registers keep beyond these is decided by package ladder.
package visibility
