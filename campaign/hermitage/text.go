package hermitage

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/workloads"
)

// Validity is invalid if an anomaly has occurred in a mode that claims to forbid it; unknown if nobody knows of some.
func (t *Table) Validity() checker.Validity {
	var answers []checker.Validity
	for _, column := range t.Modes {
		for _, c := range column.Cells {
			switch {
			case c.Broken():
				answers = append(answers, checker.Invalid)
			case c.Outcome == Unknown:
				answers = append(answers, checker.Unknown)
			default:
				answers = append(answers, checker.Valid)
			}
		}
	}
	return checker.Merge(answers...)
}

// WriteText writes the table, and what it means.
func (t *Table) WriteText(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range t.heads() {
		fmt.Fprintln(tw, strings.Join(line, "\t"))
	}
	for i, a := range workloads.Anomalies() {
		row := []string{a.Name}
		for _, column := range t.Modes {
			row = append(row, column.Cells[i].short())
		}
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	_ = tw.Flush()
	fmt.Fprintln(w, "\noccurs  the anomaly occurs, and the mode permits it\nwaits   a step waits until the other transaction has ended\n"+
		"aborts  the store aborts a transaction\nr<      reads see an earlier version")
	if t.Validity() == checker.Invalid {
		fmt.Fprintln(w, "BROKEN  the anomaly occurs, and the mode claims to forbid it")
	}
}

// heads are the lines above the columns: the words of the modes' names, so that no column is wider than it must be.
func (t *Table) heads() [][]string {
	var names [][]string
	height := 1
	for _, column := range t.Modes {
		words := strings.Split(column.Mode, "-")
		height = max(height, len(words))
		names = append(names, words)
	}
	lines := make([][]string, height)
	for i := range lines {
		lines[i] = []string{""}
		for _, words := range names {
			if k := i - (height - len(words)); k >= 0 {
				lines[i] = append(lines[i], words[k])
			} else {
				lines[i] = append(lines[i], "")
			}
		}
	}
	return lines
}

// short is a cell of the table.
func (c Cell) short() string {
	if c.Broken() {
		return "BROKEN"
	}
	return string(c.Outcome)
}

// WriteTranscript writes what the transactions of a case did in a mode, a column for each.
func (c Column) WriteTranscript(w io.Writer, name string) {
	k := slices.IndexFunc(c.Cells, func(cell Cell) bool { return cell.Case == name })
	cell := c.Cells[k]
	a := workloads.Anomalies()[k]
	fmt.Fprintf(w, "%s at %s: %s\n%s\n\n", a.Name, c.Mode, cell.verdict(), a.Doc)
	writeActs(w, cell.Acts)
	if cell.Sentence != "" {
		fmt.Fprintf(w, "\n%s\n", strings.ReplaceAll(cell.Sentence, "; ", "\n"))
	}
}

// verdict is what is said of a cell at length.
func (c Cell) verdict() string {
	switch {
	case c.Broken():
		return "occurs, though the mode claims to forbid it"
	case c.Outcome == Occurs:
		return "occurs"
	case c.Outcome == Waits:
		return "prevented, because a step waits"
	case c.Outcome == Aborts:
		return "prevented, as a transaction is aborted"
	case c.Outcome == Older:
		return "prevented, as reads see an earlier version"
	default:
		return "unknown"
	}
}

// moment is something that happens to a line: it begins, or it ends after others have begun.
type moment struct {
	act  Act
	ends bool
}

// writeActs writes a line for each act when it begins, and one for its end if it had to wait.
func writeActs(w io.Writer, acts []Act) {
	var names []string
	var moments []moment
	for _, a := range acts {
		if !slices.Contains(names, a.By) {
			names = append(names, a.By)
		}
		moments = append(moments, moment{act: a})
		if a.Waited() {
			moments = append(moments, moment{a, true})
		}
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return cmp.Compare(a.at(), b.at()) })
	slices.Sort(names)
	width := 0
	for _, m := range moments {
		width = max(width, utf8.RuneCountInString(m.String()))
	}
	var head strings.Builder
	for _, name := range names {
		fmt.Fprintf(&head, "%-*s  ", width, name)
	}
	fmt.Fprintln(w, strings.TrimRight("         "+head.String(), " "))
	for _, m := range moments {
		indent := slices.Index(names, m.act.By) * (width + 2)
		fmt.Fprintf(w, "%5.2f s  %s%s\n", m.at().Seconds(), strings.Repeat(" ", indent), m)
	}
}

func (m moment) at() time.Duration {
	if m.ends {
		return m.act.End
	}
	return m.act.Begin
}

// String is the line without its client, and with its result.
func (m moment) String() string {
	_, text, _ := strings.Cut(m.act.Text, " ")
	switch {
	case m.act.Waited() && !m.ends:
		return text + "  waits"
	case m.act.Type == history.Fail:
		return text + "  aborted"
	case m.act.Type == history.Info:
		return text + "  unknown"
	case m.act.Do == ops.OneStep && !m.act.Step.Writes():
		return text + " = " + string(m.act.Read.AppendEDN(nil))
	case m.ends:
		return text + "  done"
	default:
		return text
	}
}
