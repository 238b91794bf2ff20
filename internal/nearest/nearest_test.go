package nearest

import "testing"

func TestWord(t *testing.T) {
	known := []string{"partition", "heal", "crash", "restart", "resume", "n1", "n2"}
	for word, want := range map[string]string{
		"crsh":       "crash",
		"carsh":      "crash", // neighbours swapped
		"partion":    "partition",
		"rseume":     "resume",
		"N1":         "n1",
		"n9":         "",          // n1 or n2?
		"part":       "partition", // begins only one
		"res":        "",          // restart or resume?
		"x":          "",
		"":           "",
		"obliterate": "",
	} {
		if got := Word(word, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
