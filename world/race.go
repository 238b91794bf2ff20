//go:build race

package world

// raced says that this program was built with the race detector, which has randomness of its own.
const raced = true
