package results

import (
	"html/template"
	"io"
)

// comparisonPage writes the page of a comparison.
func comparisonPage(w io.Writer, c *Comparison) error {
	view := comparisonView{Comparison: c}
	for i := range c.Tables {
		t := &c.Tables[i]
		table := comparisonTableView{ComparisonTable: t, Tables: t.tables(c.Models), Violations: t.violations(), Failures: t.failures()}
		draws := []func(*ComparisonTable, []string) (comparisonPlot, error){latencyFrontier, availabilityFrontier}
		if len(t.reads().Rows) > 0 {
			draws = append(draws, stalenessPlot)
		}
		for _, draw := range draws {
			p, err := draw(t, c.Models)
			if err != nil {
				return err
			}
			table.Plots = append(table.Plots, p)
		}
		view.Tables = append(view.Tables, table)
		view.First = t.Rows[0].Setup
	}
	return execute(w, "compare.html", view)
}

// comparisonView is what the template of a comparison sees.
type comparisonView struct {
	*Comparison
	Tables []comparisonTableView
	First  string // the setup that the others diverge from
}

type comparisonTableView struct {
	*ComparisonTable
	Tables     []*table
	Plots      []comparisonPlot
	Violations []violation
	Failures   []violation
}

// comparisonPlot is a drawing of ours, so it may stand in a page as it is.
type comparisonPlot struct {
	Title string
	SVG   template.HTML
}
