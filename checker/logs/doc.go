// Package logs judges partitioned logs as Kafka's, by histories of transactions that send to them and poll them, as Jepsen and
// Maelstrom write them.
//
//	inconsistent-offsets    an offset has two values
//	duplicate               a value is at two offsets
//	lost-write              a record that was acknowledged was polled by nobody, although a later one was
//	unwritten               a poll returned what nobody had sent
//	G1a                     a poll returned what a failed operation was to send: an aborted read
//	precommitted-read       a transaction polled what it had sent itself
//	nonmonotonic-poll       a consumer's next poll began at or before where its last one had ended
//	poll-skip               it began after records that it had not got
//	nonmonotonic-send       a producer's next send has no larger offset than its last one
//	int-nonmonotonic-poll, int-poll-skip, int-nonmonotonic-send
//	                        the same within one operation
//
// These are the names of jepsen.tests.kafka, which this follows; so are the conditions. An offset of which nothing is known is no gap, as
// Kafka's own markers take offsets. What a producer or a consumer did on a key before an assign or a subscribe counts afterwards if that
// names the key again. Consumers that subscribe may be given other partitions at any time, so of a process that has subscribed each
// poll is judged for itself, be it the second in one operation. That others send in between, int-send-skip, is how Kafka's transactions work, and
// not judged at all; nor are cycles between transactions, and nor is what operations were told that failed or whose outcome is unknown: histories
// keep answers of what is ok.
//
// lost-write takes it that consumers together read each log from its beginning. What lies behind the last record that anybody polled, no poll had
// to return.
//
// The operations are
//
//	send, poll, txn     a list of steps: ["send",key,value] and ["poll"]; when it has ended ["send",key,[offset,value]], or
//	                    ["send",key,[null,value]] or ["send",key,value] if the offset is unknown, and ["poll",{key: [[offset,value],…],…}]
//	assign, subscribe   a list of keys
//
// Others, such as crash, say nothing. Each value is sent once to a key. If one is sent twice, or nobody polled anything, the answer is
// unknown. Package delivery judges logs that are one sequence each, whose readers say
// where they begin.
package logs
