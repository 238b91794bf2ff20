// Package locks judges locks and semaphores that know who holds them. A holder is a process of the history.
//
//	exclusive   at each moment at most one process holds a lock, and no more permits of a semaphore are held than it has
//	owned       who releases a lock holds it
//	fenced      the token of a holder is larger than those of all holders before; a lock that its holder acquires again has
//	            the same token again
//
// A lock is one of these: a mutex, which its holder cannot acquire again; a reentrant lock, which its holder may acquire again and must
// release as often; a semaphore with so many permits, of which a process may hold several. Tokens are judged where acquire returns
// them, and not those of a semaphore. A token is an integer; or a map with the integer under "fence" as Hazelcast has it, and in such a
// map 0 is none. An acquire that tells no token is not compared with others.
//
// The rules hold exactly if the history is linearizable, and that is decided without a search, in one pass over the events. A process has one
// operation at a time, so while it holds nothing is left to choose but the moments within its acquire and its release. Let each
// acquire take effect when it returns and each release when it is called: then every process holds for the shortest time that
// agrees with its answers. If that breaks a rule, every other choice does, as in it all hold at least as long; and if it does not,
// it is a linearization. Two holds of a mutex can be in one order only, so that tokens have one order too. An acquire of unknown outcome
// can have had no effect: its process is never heard of again. A release of unknown outcome has had its effect when it was called. An
// operation that failed says nothing. If nothing was ever acquired, the answer is unknown. Of each lock the first thing that is wrong is told.
//
// The package linear has a model mutex, whose holder may be anybody.
package locks
