// Package lease judges leases: keys that live as long as somebody keeps them alive.
//
// It holds a store to what the documentation of etcd says of its leases, and to no more:
//
//	kept      A lease "expires if the server does not receive a keepAlive within a given time to live period" (rpc.proto, LeaseGrant),
//	          and so not before. A grant or a keep-alive that was acknowledged took effect when it was called or later. Until its
//	          TTL has passed since the call, nobody finds the key missing or is told that there is no such lease, unless it was
//	          revoked. A store may extend a lease at any time, as etcd does when it elects a leader.
//	revoked   "All keys attached to the lease will expire and be deleted" (LeaseRevoke): once a revoke has returned nobody finds
//	          the key or renews the lease.
//	gone      A lease ends once, and its key with it. What was found missing does not come back.
//	expires   A lease that nobody renews ends. How soon, no store says: etcd waits while it has no leader and begins anew with the
//	          next one. A key that is there a minute after the TTL, a minute in which the cluster was whole, has not expired.
//	sound     A key holds what was attached, if the attachment did not fail.
//
// Reads have to be linearizable, as etcd's are by default. Times are compared by the clock of the test, which for a store in the
// closed world is the one by which its own monotonic clock runs.
//
// Together these say that there is a moment at which the lease ends, and that is how they are decided: every operation bounds the
// moment from below or from above. Each key is attached to one lease, once.
package lease
