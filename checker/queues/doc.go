// Package queues judges queues by what went in and what came out, whatever the order.
package queues
