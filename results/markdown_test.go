package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"faultline/checker"
)

func TestMarkdownOfACampaign(t *testing.T) {
	r := sampleRun(t, 7, 20)
	s := &Summary{
		Title: "register-stale", Planned: 3, Statistics: r.Statistics,
		Runs: []Row{
			{Seed: 6, Validity: checker.Unknown, Reason: "this tested nothing", Replay: "faultline run --seed 6"},
			{Seed: 7, Validity: checker.Invalid, Reason: "key k|1: read of 1 | 2", Replay: "faultline run --seed 7", Cause: "n3 led", Picture: "process 1  |--|\n"},
			{Seed: 8, Validity: checker.Valid, Reason: "fine"},
		},
	}
	got := s.Markdown().String()
	for _, part := range []string{
		"## INVALID\\: register-stale\n\n1 of 3 runs found a violation.\n\n",
		"| runs | valid | invalid | unknown |\n|:--|--:|--:|--:|\n| 3 | 1 | 1 | 1 |\n\n",
		"| operations | ok | fail | info | p50 | p99 | max |\n",
		"Faults\\: crash 1, partition 2, pause 1\n\n",
		"### Seed 7 is invalid\n\nkey k\\|1\\: read of 1 \\| 2\n\nCause\\: n3 led\n\n```text\nprocess 1  |--|\n```\n\n```text\nfaultline run --seed 7\n```\n\n### Seed 6 is unknown",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("it does not say %q:\n%s", part, got)
		}
	}
	s.Runs = s.Runs[2:]
	if got := s.Markdown().String(); !strings.Contains(got, "## UNKNOWN") || !strings.Contains(got, "2 are not finished") {
		t.Errorf("a campaign that was interrupted:\n%s", got)
	}
}

// Each step of a job adds to the file.
func TestMarkdownIsAppended(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.md")
	for _, text := range []string{"first", "second"} {
		var m Markdown
		m.Text(text)
		if err := m.AppendTo(path); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "first\n\nsecond\n\n" {
		t.Errorf("%q, %v", b, err)
	}
	if err := (&Markdown{}).AppendTo(filepath.Join(path, "x")); err == nil || !strings.Contains(err.Error(), "summary.md") {
		t.Errorf("below a file: %v", err)
	}
}

// Nothing in a text is markup: each character that would be is escaped, lines stay lines, and no code block ends early.
func TestMarkdownOfHostileTexts(t *testing.T) {
	for _, text := range append(hostile, "```\n# heading", "a | b\n|c|", "[x](https://example.org) @someone #1 `code` **bold**") {
		var m Markdown
		m.Text(text)
		line := strings.TrimSuffix(m.String(), "\n\n")
		before := ' '
		for _, r := range line {
			if strings.ContainsRune("`*_[]<>#|~@:", r) && before != '\\' || r != ' ' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%.60q becomes %.60q: %q", text, line, r)
				break
			}
			before = r
		}
		m = Markdown{}
		m.Table([]string{"a", "b"}, [][]string{{text, text}})
		if n := strings.Count(m.String(), "\n"); n != 4 {
			t.Errorf("%.60q makes a table of %d lines", text, n)
		}
		m = Markdown{}
		m.Code(text)
		fence, _, _ := strings.Cut(m.String(), "text\n")
		if n := strings.Count("\n"+m.String(), "\n"+fence); n != 2 {
			t.Errorf("%.60q: the block has %d fences", text, n)
		}
	}
}
