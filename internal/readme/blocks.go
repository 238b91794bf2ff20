package main

import (
	"fmt"
	"regexp"
	"strings"
)

// block is a fenced block of a text in Markdown that a comment names: <!-- sample: name -->.
type block struct {
	name, text string
}

var blocks = regexp.MustCompile("(?s)(<!-- sample: ([a-z-]+) -->\n```[a-z]*\n)(.*?)(```\n)")

// replace gives each named block the text that f makes of it, in their order.
func replace(text string, f func(block) (string, error)) (string, error) {
	var b strings.Builder
	last := 0
	for _, m := range blocks.FindAllStringSubmatchIndex(text, -1) {
		is := block{name: text[m[4]:m[5]], text: text[m[6]:m[7]]}
		made, err := f(is)
		if err != nil {
			return "", fmt.Errorf("sample %s: %w", is.name, err)
		}
		b.WriteString(text[last:m[6]])
		b.WriteString(strings.TrimRight(made, "\n") + "\n")
		last = m[7]
	}
	b.WriteString(text[last:])
	return b.String(), nil
}

// omitted stands for lines that are not shown.
const omitted = "…"

// longest is how much is shown of a line.
const longest = 200

// excerpt shows those lines of an output for which keep is true, clipped, and a mark where others were.
func excerpt(output string, keep func(line string) bool) string {
	var shown []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\n")
		switch {
		case keep(line):
			if runes := []rune(line); len(runes) > longest {
				line = strings.TrimRight(string(runes[:longest]), " ") + " " + omitted
			}
			shown = append(shown, line)
		case len(shown) > 0 && shown[len(shown)-1] == "":
			shown[len(shown)-1] = omitted
		case len(shown) == 0 || shown[len(shown)-1] != omitted:
			shown = append(shown, omitted)
		}
	}
	return strings.Join(shown, "\n")
}
