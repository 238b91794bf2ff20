package trace

import "unicode/utf8"

// longestDetail bounds what a message shows of one text, in bytes.
const longestDetail = 60

// Brief is a text that is not too long for a detail.
func Brief(s string) string {
	if len(s) <= longestDetail {
		return s
	}
	s = s[:longestDetail]
	for len(s) > 0 && !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
