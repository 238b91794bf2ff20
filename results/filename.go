package results

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// longestName leaves room for an extension in the 255 bytes that file systems allow.
const longestName = 120

// fileName makes a file name of any text. Different texts get different names. Letters, digits, '-'
// and '_' stand for themselves and any other byte is '=' and two hexadecimal digits, so that the name
// means nothing to a file system, a shell or a URL; what would be too long ends in its hash.
func fileName(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			b.WriteByte('=')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	switch name := b.String(); {
	case name == "":
		return "="
	case len(name) > longestName:
		sum := sha256.Sum256([]byte(text))
		return name[:longestName-33] + "=" + hex.EncodeToString(sum[:16])
	default:
		return name
	}
}
