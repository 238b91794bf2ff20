// Package nearest guesses which word was meant by one that is not known.
package nearest

import "strings"

// shortestStart is how many bytes make the start of a word tell which is meant.
const shortestStart = 3

// Word returns the known word that was probably meant: the only one that begins with the word, or the one at the
// smallest distance, if that is small for the length of the word and no other is as near; else "". Of n1 to n5, nobody
// can tell which n9 meant.
func Word(word string, known []string) string {
	if begun := started(word, known); len(word) >= shortestStart && len(begun) == 1 {
		return begun[0]
	}
	best, near := min(2, len(word)/2)+1, ""
	for _, k := range known {
		switch d := distance(word, k); {
		case d < best:
			best, near = d, k
		case d == best:
			near = ""
		}
	}
	return near
}

// started are the known words that begin with a word.
func started(word string, known []string) []string {
	var begun []string
	for _, k := range known {
		if strings.HasPrefix(k, word) {
			begun = append(begun, k)
		}
	}
	return begun
}

// distance is the number of bytes to insert, delete, replace or swap with their neighbour to turn a into
// b: the restricted Damerau-Levenshtein distance, as swapped letters are what fingers do.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// Hint is the end of an error about an unknown word: the one that was probably meant, else all there are.
func Hint(word string, known []string, are string) string {
	if near := Word(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	if len(known) == 0 {
		return are + " none"
	}
	return are + " " + strings.Join(known, ", ")
}
