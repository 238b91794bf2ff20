package raftkv

import "strings"

// The store keeps values as JSON, behind which spaces say nothing: with spaces a value is as large as one likes in
// commands, logs, states, snapshots and answers, and means the same. A cas compares without them: the value that it
// expects may have been written at another size.

func padded(value string, bytes int) string {
	if bytes == 0 {
		return value
	}
	return value + strings.Repeat(" ", bytes)
}

func unpadded(value string) string { return strings.TrimRight(value, " ") }
