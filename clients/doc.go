// Package clients is where the clients of stores are that are programs of their own. Each package below it registers one or
// two kinds of client by being imported: etcd, nats, redis and http. The README says what each does.
//
// They are used as anybody would use the libraries that they are made of: what they dial, wait for and start in a world is
// virtual because package net and package time are. Two rules hold for all of them:
//
//   - fail is what certainly was not carried out and never will be. An error of which nobody knows that is info. A table in
//     the package's outcome.go says which errors are definite, and why.
//   - nothing is sent twice that changes anything, and nothing is kept to be sent later.
//
// The example is a client of one's own.
package clients
