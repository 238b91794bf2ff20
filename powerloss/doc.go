// Package powerloss tests embedded stores: libraries such as bbolt and pebble that keep data in files of the process that uses
// them. Whenever the power goes, a store that is opened again must have everything that it acknowledged, each transaction wholly or
// not at all, and must go on from there.
//
// A user writes a Store for the store, which is a few lines, and Test does the rest. It draws transactions and has the store commit
// them on a disk of package cluster/disk, on each of its file systems. After every change of a file or name, and after
// every sync, it supposes that the power goes. What would be left is a disk of its own, on which it opens the store again, reads
// everything, and goes on. The run itself is never interrupted, so one run of some dozen transactions is hundreds of losses of
// power. The next run starts from what one of them left, so that losses befall stores that recover from losses.
//
// What must be found is the state after the last transaction that was acknowledged before the power went, or the state after one that
// was under way. Anything else is a Failure, and so is an error. It says what was done to the disk last, what was acknowledged,
// what was found, and the command that repeats it.
//
// A store reaches the disk in one of two ways. One that lets its user provide a file system gets it as a disk.Volume. Any other
// runs as it is, with real files, memory maps and all: the test is built once more with the overlay of package overlay, and
// runs as a guest of package cluster/guest. That needs the go command, and Linux.
//
// The method is that of ALICE (Pillai et al., All File Systems Are Not Created Equal, OSDI 2014): record what a program does to its
// files, and derive all states from that in which a crash could leave them. Here those are drawn and not enumerated.
package powerloss
