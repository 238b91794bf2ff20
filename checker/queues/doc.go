// Package queues judges queues by what went in and what came out, in whatever order.
//
// An element is any value but null. Elements that are equal cannot be told apart: a dequeue of one can be explained by any enqueue of it
// that was invoked before the dequeue returned. An enqueue or dequeue whose outcome is unknown may take effect at any later
// time, or never, and one that failed never does. An operation that cannot be understood leaves its queue unknown.
//
// It takes time that grows with the number of elements. Package linear judges the order too.
package queues
