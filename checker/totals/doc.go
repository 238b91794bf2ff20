// Package totals judges numbers that add up: counters, of which a read tells the sum of what was added, and banks, in which money
// is moved and none is made.
//
// What an operation of unknown outcome adds may be there at any later time, or never. What a failed one adds never is; the first
// counter of Jepsen took it for possible (https://github.com/jepsen-io/jepsen/issues/303).
//
// A number is a 64-bit integer. Anything else in the place of one, such as a text or a fraction, leaves the object unknown.
package totals
