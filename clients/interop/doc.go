// Package interop tests the clients against real servers on localhost, in real time. It is a module of its own, so that no
// program that has the clients depends on a version of a server.
package interop
