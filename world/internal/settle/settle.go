// Package settle makes every process of a program enter its world in the same state, whatever happened during start-up. It does so as early as a program can, in its init, and once more when main calls Again.
// Collect frees memory while a world runs, and leaves each process in the same state again.
//
// Why so early: threads that race each other at start-up also race for the runtime's locks, and a lost race draws from cheaprand. Everything
// that start-up draws after that differs from process to process. One draw in 1,024 decides that the result of a type assertion is
// remembered at its place in the program for good, after which that place draws no more. So whatever asserts types before the state
// is settled may run one way or another in the world, and most packages do in their inits. This package imports next to nothing. Go initializes
// packages by import path as soon as all that they import is initialized, so reflect comes after it, and what needs reflect.
//
// In a program that is built with the overlay the runtime does it itself, before the first package is initialized and where the bubble
// begins.
package settle

// Variable is the environment variable that marks the process of a world.
const Variable = "FAULTLINE_WORLD"
