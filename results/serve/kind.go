package serve

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"regexp"

	"faultline/results"
)

type kind uint8

const (
	isOther kind = iota
	isRun
	isCampaign
	isComparison
)

// kind tells what a directory is by what its files say. Names alone say little: a directory of templates may hold a compare.html, and
// any program's data a history.jsonl. A damaged result is still known by its other files.
func (c *catalog) kind(p string) kind {
	d := folder{c.files, p}
	switch {
	case d.isCampaign():
		return isCampaign
	case d.isComparison():
		return isComparison
	case d.isRun():
		return isRun
	default:
		return isOther
	}
}

// folder is one that may be a result.
type folder struct {
	files fs.FS
	path  string
}

// isCampaign holds if the plan or the record can be read as one, or if both are there, damaged or not.
func (d folder) isCampaign() bool {
	const plan, record = "campaign.json", "campaign.jsonl"
	return d.has(plan) && d.has(record) || d.object(plan)["spec"] != nil || d.line(record)["seed"] != nil
}

func (d folder) isComparison() bool {
	return d.has(results.ComparisonPage) && d.object(results.ComparisonFile)["tables"] != nil
}

// runName matches the names that runs get.
var runName = regexp.MustCompile(`^\d{8}T\d{6}.*-\d+`)

// runFiles are the files that every run has.
var runFiles = []string{"verdict.json", "history.jsonl", "schedule.txt", "spec.json", "track.json"}

// isRun holds if there is a verdict with Faultline's mark. If the verdict is lost, most of the other files are enough, or one of them in a
// directory with the name of a run.
func (d folder) isRun() bool {
	if bytes.Contains(d.begin(runFiles[0]), []byte(`"faultline_run"`)) {
		return true
	}
	n := 0
	for _, name := range runFiles {
		if d.has(name) {
			n++
		}
	}
	return n > len(runFiles)/2 || n > 0 && runName.MatchString(path.Base(d.path))
}

// has reports whether there is a regular file of that name.
func (d folder) has(name string) bool {
	info, err := fs.Stat(d.files, path.Join(d.path, name))
	return err == nil && info.Mode().IsRegular()
}

// longestSign bounds how much of a file is read to find out what it is.
const longestSign = 1 << 16

// begin is the beginning of a file; nil if there is none.
func (d folder) begin(name string) []byte {
	if !d.has(name) {
		return nil
	}
	f, err := d.files.Open(path.Join(d.path, name))
	if err != nil {
		return nil
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, longestSign)) // what cannot be read is no sign
	return b
}

// object is the JSON object in a file; nil if there is none.
func (d folder) object(name string) map[string]json.RawMessage {
	if !d.has(name) {
		return nil
	}
	b, err := fs.ReadFile(d.files, path.Join(d.path, name))
	if err != nil {
		return nil
	}
	return object(b)
}

// line is the JSON object on the first line of a file; nil if there is none.
func (d folder) line(name string) map[string]json.RawMessage {
	first, _, _ := bytes.Cut(d.begin(name), []byte("\n"))
	return object(first)
}

func object(b []byte) (fields map[string]json.RawMessage) {
	if json.Unmarshal(b, &fields) != nil {
		return nil
	}
	return fields
}
