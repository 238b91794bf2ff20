// Package stats computes numbers about a history: how many operations succeeded, how long they took, and how available the
// system was while it was healthy, faulty, without a quorum or recovering. It judges nothing.
//
// Statistics of many runs can be added up. Durations are in the time of the history.
package stats
