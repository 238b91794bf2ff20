package results

import (
	"html/template"
	"strings"

	"faultline/cluster/report"
	"faultline/history/stats"
)

// StatisticsHTML is what every page says of statistics and counters: operations with their latencies, availability by phase, faults,
// and what the system counted. Its classes are those of the style sheet of pages.
func StatisticsHTML(s stats.Statistics, counters []report.Counter) (template.HTML, error) {
	var b strings.Builder
	err := execute(&b, "statistics.html", struct {
		Statistics stats.Statistics
		Counters   []report.Counter
	}{s, counters})
	return template.HTML(b.String()), err
}
