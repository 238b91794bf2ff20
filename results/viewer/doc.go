// Package viewer shows a run on a page: its operations, faults, nodes, messages and verdict on one axis of time.
//
// A run is encoded as two containers (see container.go). The scene has all that was recorded. The analysis has what only the
// checker can find out again: the order of the operations on valid keys, and what porcupine tried on invalid ones. To draw a
// million operations a page needs columns of typed arrays, sorted by invocation; it makes them without parsing. The page is
// plain ES modules in assets, without a build step. Package serve hands them out one by one; Page bundles them with the
// containers into one file that needs no network.
//
// Nothing from a run is markup or script in a page: all of it travels in the containers, and the modules insert it as text.
// A damaged run is refused by an error that names the file.
//
// The caller must give a file system that holds one run's directory and does not change meanwhile.
package viewer
