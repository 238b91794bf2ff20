// Package txn judges histories of transactions: which anomalies they have, and which levels of isolation they therefore do not keep.
//
// A transaction is an operation with the function txn and a list of steps: ["r" key value] reads, ["w" key value] writes a register, ["append" key
// value] appends to a list, and ["scan" prefix {key value}] reads all keys that begin with a prefix. What is written to a key is written once, so that
// a read tells whose write it saw. As in Elle (Kingsbury and Alvaro 2020), reads and writes give the order of the versions of each key, versions give the
// dependencies of transactions, and an anomaly is a cycle of these, named as Adya (1999) does, or shows in one read by itself.
//
//   - internal/record reads the transactions, and says which write each read saw.
//   - internal/lists and internal/registers know the order of versions: of lists as reads show it, of registers as far as it can be inferred.
//   - internal/graph finds shortest cycles, internal/direct what needs none.
//   - internal/weak, internal/exact and internal/serial decide the levels of registers that no anomaly refutes.
//   - models says what an anomaly refutes.
//
// A transaction that is malformed, such as one that writes what was written before, is named as such. It says nothing about isolation.
package txn
