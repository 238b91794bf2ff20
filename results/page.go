package results

import (
	"embed"
	"html/template"
	"io"
	"strconv"
	"time"

	"faultline/history/stats"
	"faultline/internal/wording"
	"faultline/results/cycle"
)

//go:embed templates
var templateFiles embed.FS

// longestText bounds what a page shows of one value, so that a hostile one cannot fill it.
const longestText = 500

var helpers = template.FuncMap{
	"clip":      func(s string) string { return wording.Line(s, longestText) },
	"clock":     clock,
	"digest":    func(s string) string { return s[:min(len(s), 12)] },
	"grouped":   wording.Grouped,
	"grouped64": func(n int64) string { return wording.Grouped(int(n)) },
	"partial":   partial,
	"percent":   func(share float64) string { return strconv.FormatFloat(100*share, 'f', 2, 64) + "%" },
	"seconds":   func(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) + "s" },
	"style":     style,
	"text":      func(left map[int]bool, column int) bool { return column == 0 || left[column] },
}

// execute writes the page that a template makes of data. Templates are parsed when they are needed:
// most processes of a campaign run a world and never write a page.
func execute(w io.Writer, name string, data any) error {
	t, err := template.New(name).Funcs(helpers).ParseFS(templateFiles, "templates/shared.html", "templates/cycle.html", "templates/"+name)
	if err != nil {
		return err
	}
	return t.Execute(w, data)
}

// style is the style sheet. It is ours, so it may stand in a page as it is.
func style() (template.CSS, error) {
	own, err := templateFiles.ReadFile("templates/style.css")
	if err != nil {
		return "", err
	}
	b, err := cycle.Assets.ReadFile("cycle.css")
	return template.CSS(own) + template.CSS(b), err
}

// partial reports whether the latencies are those of a part of the operations.
func partial(s stats.Statistics) bool {
	for _, f := range s.Functions {
		if f.Latency.Count < f.OK {
			return true
		}
	}
	return false
}
