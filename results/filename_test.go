package results

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFileName(t *testing.T) {
	for text, want := range map[string]string{
		"k3":               "k3",
		"":                 "=",
		"=":                "=3d",
		"..":               "=2e=2e",
		"../../etc/passwd": "=2e=2e=2f=2e=2e=2fetc=2fpasswd",
		"a b\x00\n<é>":     "a=20b=00=0a=3c=c3=a9=3e",
	} {
		if got := fileName(text); got != want {
			t.Errorf("fileName(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestFileNamesAreSafeAndDistinct(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringN(50, 400, 1<<12), rapid.StringMatching(`[./=a-c]{0,200}`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		name := fileName(a)
		if name == "" || len(name) > longestName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=") != "" {
			t.Fatalf("fileName(%q) = %q", a, name)
		}
		if (a == b) != (name == fileName(b)) {
			t.Fatalf("%q and %q are both %q", a, b, name)
		}
	})
}
