package results

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"faultline/checker"
)

// WriteRun keeps a run and returns the name of its directory in that of the campaign.
func (c *Campaign) WriteRun(r *Run) (name string, err error) {
	return c.WriteRunAs(r.Started.UTC().Format("20060102T150405.000Z")+"-"+strconv.FormatUint(r.Seed, 10), r)
}

// WriteRunAs keeps a run in a directory of that name, with a number appended if the name is taken.
func (c *Campaign) WriteRunAs(name string, r *Run) (string, error) {
	name, err := c.writeRun(name, r)
	if err != nil {
		return "", fmt.Errorf("keep the run of seed %d in %s: %w", r.Seed, c.Dir(), hint(err))
	}
	if err := pointLatest(c.Dir(), name); err != nil {
		return name, fmt.Errorf("the run of seed %d is kept in %s, but %s still points elsewhere: %w",
			r.Seed, filepath.Join(c.Dir(), name), latest, hint(err))
	}
	return name, c.pointLatest()
}

// Free is the name that WriteRunAs would give a directory, unless somebody else takes it first.
func (c *Campaign) Free(name string) string {
	for n := 1; ; n++ {
		if free := numbered(name, n); !exists(filepath.Join(c.Dir(), free)) {
			return free
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (c *Campaign) writeRun(want string, r *Run) (name string, err error) {
	s, err := stage(c.Dir())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.discard()) }() // nothing is left of it once it is published
	if err := writeData(s, r); err != nil {
		return "", err
	}
	if err := writeViews(s, r); err != nil {
		return "", err
	}
	return s.publish(want)
}

// writeData writes what cannot be made again.
func writeData(s *staging, r *Run) error {
	rec := record{
		Format: recordFormat, File: r.File, Untimed: r.Untimed, Seed: r.Seed, Started: r.Started.UTC(), Replay: r.Replay,
		Digest: r.HistoryDigest(), ScheduleSHA256: scheduleHash(r.Schedule), Nodes: []string{},
		Verdict: r.Verdict, Statistics: r.Statistics, Counters: r.Counters,
	}
	data := []file{
		{"spec.json", indented(r.Spec)},
		{"schedule.txt", text([]byte(r.Schedule))},
		{"history.jsonl", func(w io.Writer) error { _, err := r.History.WriteTo(w); return err }},
		{"track.json", indented(r.Track)},
		{progressFile, lines(r.Progress)},
	}
	if r.Ending.Virtual > 0 {
		data = append(data, file{reportFile, indented(r.report())})
	}
	if r.Messages != nil {
		data = append(data, file{messagesFile, messageLines(r.Messages)})
	}
	for _, log := range r.Logs {
		rec.Nodes = append(rec.Nodes, log.Node)
		data = append(data, file{logPath(log.Node), text(log.Text)})
	}
	return s.writeAll(append(data, file{"verdict.json", indented(rec)}))
}

// writeViews writes what people look at.
func writeViews(s *staging, r *Run) error {
	var views []file
	if !r.Untimed {
		var err error
		if views, err = plots(sketchOf(r)); err != nil {
			return err
		}
	}
	views = append(views, file{"index.html", func(w io.Writer) error { return runPage(w, r, r.History.Faults()) }})
	examples, err := r.Counterexamples(checker.Options{})
	if err != nil {
		examples = nil // as in sketchOf
	}
	for i := range examples {
		example := &examples[i]
		views = append(views, file{picturePath(example.Key), func(w io.Writer) error { return WritePicture(w, r, example) }})
	}
	return s.writeAll(views)
}

// plots are the plots of a run, for its page.
func plots(s *sketch) ([]file, error) {
	latency, err := latencyPlot(new(svg), s)
	if err != nil {
		return nil, err
	}
	rate, err := ratePlot(new(svg), s)
	if err != nil {
		return nil, err
	}
	return []file{{"latency.svg", text(latency)}, {"rate.svg", text(rate)}}, nil
}

func text(b []byte) func(io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(b); return err }
}

func logPath(node string) string { return "nodes/" + fileName(node) + ".log" }

// picturePath is where porcupine's picture of a key is; without a key, that of the history as a whole.
func picturePath(key string) string {
	if key == "" {
		return "history.html"
	}
	return "keys/" + fileName(key) + ".html"
}
