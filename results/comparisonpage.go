package results

import "io"

// comparisonPage writes the page of a comparison.
func comparisonPage(w io.Writer, c *Comparison) error {
	c.WriteMarkdown(w)
	return nil
}
