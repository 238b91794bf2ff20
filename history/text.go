package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is UTF-8 everywhere. Replacing what is not would make two different values equal, which hides stale reads and
// invents duplicates, so readers and writers refuse it.

var errNotUTF8 = errors.New("not UTF-8")

// notUTF8 is where the first byte of b is that is no UTF-8; -1 if there is none.
func notUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// unquoteJSON reads a JSON string with its quotes. An error comes with the offset of what it is about.
func unquoteJSON(quoted []byte) (t string, at int, err error) {
	if !utf8.Valid(quoted) {
		return "", notUTF8(quoted), errNotUTF8
	}
	if at := loneSurrogate(quoted); at >= 0 {
		return "", at, errSurrogate(quoted[at:])
	}
	if err := json.Unmarshal(quoted, &t); err != nil {
		return "", 1, err
	}
	return t, 0, nil
}

// loneSurrogate is where in a JSON string an escape is half of a character: UTF-16 has two units for the characters
// beyond the first 65,536, and neither is a character by itself. It is -1 if there is none.
func loneSurrogate(quoted []byte) int {
	for i := 0; i+1 < len(quoted); {
		if quoted[i] != '\\' {
			i++
			continue
		}
		if quoted[i+1] != 'u' {
			i += 2
			continue
		}
		r, n, err := codePoint(quoted[i+1:])
		if err != nil {
			return -1 // the decoder says what is wrong with it
		}
		if utf16.IsSurrogate(r) {
			low, m, _ := surrogate(quoted[i+1+n:])
			if utf16.DecodeRune(r, low) == utf8.RuneError {
				return i
			}
			n += m
		}
		i += 1 + n
	}
	return -1
}

func errSurrogate(escape []byte) error {
	return fmt.Errorf("%s is half of a character", escape[:min(len(escape), len(`\ud800`))])
}
