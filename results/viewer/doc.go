// Package viewer shows a run on a page: its operations, faults, nodes, messages and verdict on one axis of time.
//
// A run is encoded as two containers (see container.go): the scene, with all that was recorded, and the analysis, with what
// takes the checker to find out again: the order of the operations on valid keys, and what porcupine tried on those that
// are not. Columns of typed arrays, sorted by invocation, are what a page needs to draw a million operations; it
// makes them without parsing. The page is plain ES modules in assets, without a build step. Package serve hands them out one by one;
// Page bundles them with the containers into one file that needs no network.
//
// The package guarantees that nothing from a run is markup or script in a page: all of it travels in the containers, and the modules
// put text where text goes. It refuses a run that is damaged, naming the file.
//
// The caller owes it a file system that holds one run's directory, which does not change meanwhile.
package viewer
