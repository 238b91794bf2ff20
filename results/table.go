package results

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is a table as a terminal, Markdown and a page can show it. The first column is text, the others are as Left says.
type table struct {
	Title string
	Note  string
	Head  []string
	Left  map[int]bool // columns after the first that are text
	Rows  [][]string
}

// writeText writes the table for a terminal. It ends with an empty line.
func (g *table) writeText(w io.Writer) {
	widths := make([]int, len(g.Head))
	for _, row := range append([][]string{g.Head}, g.Rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	fmt.Fprintln(w, g.Title)
	for _, row := range append([][]string{g.Head}, g.Rows...) {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 || g.Left[i] {
				line.WriteString("  " + cell + space)
			} else {
				line.WriteString("  " + space + cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
	if g.Note != "" {
		fmt.Fprintf(w, "  (%s)\n", g.Note)
	}
	fmt.Fprintln(w)
}

// addTo adds the grid to a text in Markdown.
func (g *table) addTo(m *Markdown) {
	m.Heading(3, g.Title)
	m.Table(g.Head, g.Rows)
	if g.Note != "" {
		m.Text(g.Note)
	}
}
