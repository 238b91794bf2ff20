package results

import (
	"fmt"
	"os"
	"strings"

	"faultline/internal/wording"
)

// Markdown is a text in GitHub's Markdown in the making. Whatever texts it is given stand in it as text: nothing in them is
// markup, a link, a mention or the end of a table.
type Markdown struct{ b strings.Builder }

// Heading begins a section; the level is 1 and up.
func (m *Markdown) Heading(level int, text string) {
	fmt.Fprintf(&m.b, "%s %s\n\n", strings.Repeat("#", level), escaped(text))
}

// Text is a paragraph.
func (m *Markdown) Text(text string) { fmt.Fprintf(&m.b, "%s\n\n", escaped(text)) }

// Table is a table. The first column is aligned to the left, and all others to the right.
func (m *Markdown) Table(header []string, rows [][]string) {
	m.row(header)
	m.b.WriteString("|:--" + strings.Repeat("|--:", len(header)-1) + "|\n")
	for _, row := range rows {
		m.row(row)
	}
	m.b.WriteByte('\n')
}

func (m *Markdown) row(cells []string) {
	for _, cell := range cells {
		fmt.Fprintf(&m.b, "| %s ", escaped(cell))
	}
	m.b.WriteString("|\n")
}

// Code is a block of text as it is, without what cannot be printed.
func (m *Markdown) Code(text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	m.b.WriteString(fence + "text\n")
	for line := range strings.Lines(text) {
		m.b.WriteString(wording.Line(strings.TrimRight(line, "\r\n"), longestText) + "\n")
	}
	m.b.WriteString(fence + "\n\n")
}

// String is the text so far.
func (m *Markdown) String() string { return m.b.String() }

// AppendTo adds the text to the end of a file, which is made if it is not there: steps of a GitHub job share the file
// that $GITHUB_STEP_SUMMARY names.
func (m *Markdown) AppendTo(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("write the Markdown summary: %w", hint(err))
	}
	_, err = f.WriteString(m.String())
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write the Markdown summary %s: %w", path, hint(err))
	}
	return nil
}

// marked are the characters that mean something in Markdown, or begin something that GitHub makes a link of.
const marked = "\\`*_[]<>#|~&$@:"

// escaped is a text on one line in which nothing is markup.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range wording.Line(text, longestText) {
		if strings.ContainsRune(marked, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
