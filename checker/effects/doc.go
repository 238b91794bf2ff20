// Package effects judges whether workers that process the records of logs, see ops.Process, give each of them its effect: a result in
// another log.
//
//	lost      a record that was acknowledged has no result, although a later one of its log has: nobody will process it any more
//	doubled   a record has two results
//	invented  there is a result of what nobody had sent when it was read, or failed to send, or of a record of another log
//	agreed    nodes have different results at one offset
//
// None of the first three is exactly once. Without lost it is at most once, without doubled at least once.
//
// What was acknowledged and has no result, behind all that have one, may be processed later: then the answer is unknown. So it is if nobody
// read the results to their end once everything was healed. Where a record was sent of which nobody knows whether it is there, either is right.
//
// Each value is sent once, and workers process a log in its order.
package effects
