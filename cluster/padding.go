package cluster

import "strings"

// A store that keeps values as JSON has room for padding: spaces behind a value say nothing, so that with them it is as
// large as one likes in commands, logs, states, snapshots and answers, and means the same. A cas compares without them: the
// value that it expects may have been written at another size.

// Pad returns a value with this many bytes added, see Op.Padding.
func Pad(value string, bytes int) string {
	if bytes == 0 {
		return value
	}
	return value + strings.Repeat(" ", bytes)
}

// Unpad returns a value without its padding.
func Unpad(value string) string { return strings.TrimRight(value, " ") }
