// Package totals judges numbers that add up: counters, of which a read tells the sum of what was added, and banks, in which money
// is moved and none is made.
//
// What an operation of unknown outcome adds may be there at any later time, or never. What a failed one adds never is; the first
// counter of Jepsen took it for possible (https://github.com/jepsen-io/jepsen/issues/303).
//
// A number is a 64-bit integer, and what one operation adds is within ±2147483647, so that sums are 64-bit integers too. Anything else
// in the place of a number, such as a text or a fraction, leaves the object unknown. If nothing was read the answer is unknown.
//
// What a read should have told is a matter of all operations before it, and whether anybody has named an account one of all operations, so
// findings show the read alone, or with the one that it is held against.
package totals
