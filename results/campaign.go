package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// latest is the name of the links to what came last.
const latest = "latest"

// Campaign is the directory of a campaign.
type Campaign struct {
	root string
	name string
}

// OpenCampaign makes the directory of a campaign, if it is not there, and sees to it that runs can be
// kept in it: it is better to learn that before the runs than after.
func OpenCampaign(root, name string) (*Campaign, error) {
	if !validName(name) {
		return nil, fmt.Errorf("campaign name %q: use letters, digits, '-', '_' and, not at the start, '.'; %q is taken", name, latest)
	}
	c := &Campaign{root: root, name: name}
	if err := c.prepare(); err != nil {
		return nil, fmt.Errorf("prepare %s for results: %w", c.Dir(), hint(err))
	}
	return c, nil
}

func validName(name string) bool {
	dotless := strings.ReplaceAll(name, ".", "-")
	return name != latest && !strings.HasPrefix(name, ".") && fileName(dotless) == dotless
}

func (c *Campaign) prepare() error {
	if err := os.MkdirAll(c.Dir(), 0o755); err != nil {
		return err
	}
	s, err := stage(c.Dir())
	if err != nil {
		return err
	}
	return errors.Join(s.write("probe", func(w io.Writer) error {
		_, err := io.WriteString(w, "something to find out whether the disk is full\n")
		return err
	}), s.discard())
}

// Dir is the directory.
func (c *Campaign) Dir() string { return filepath.Join(c.root, c.name) }

// RecordFile is the name of the file with a line for each run.
const RecordFile = "campaign.jsonl"

// RecordPath is the file with a line for each run, which package campaign writes.
func (c *Campaign) RecordPath() string { return filepath.Join(c.Dir(), RecordFile) }

// WriteSpec stores what the campaign is to run.
func (c *Campaign) WriteSpec(spec json.RawMessage) error {
	if err := replaceFile(c.Dir(), "campaign.json", indented(spec)); err != nil {
		return fmt.Errorf("store the spec in %s: %w", c.Dir(), hint(err))
	}
	return c.pointLatest()
}

// Spec returns what WriteSpec stored, or an error that is fs.ErrNotExist.
func (c *Campaign) Spec() (json.RawMessage, error) { return ReadSpec(c.Dir()) }

// ReadSpec returns what WriteSpec stored in the directory of a campaign.
func ReadSpec(dir string) (json.RawMessage, error) {
	var spec json.RawMessage
	if err := readJSON(filepath.Join(dir, "campaign.json"), &spec); err != nil {
		return nil, err
	}
	return spec, nil
}

// WriteCanary stores whether the bug planted in the additional run was found.
func (c *Campaign) WriteCanary(v any) error {
	if err := replaceFile(c.Dir(), "canary.json", indented(v)); err != nil {
		return fmt.Errorf("store the canary in %s: %w", c.Dir(), hint(err))
	}
	return nil
}

// Canary reads what WriteCanary stored into v; the error is fs.ErrNotExist if nothing was.
func (c *Campaign) Canary(v any) error { return readJSON(filepath.Join(c.Dir(), "canary.json"), v) }

// WriteSummary writes the page of the campaign.
func (c *Campaign) WriteSummary(s *Summary) error {
	if err := replaceFile(c.Dir(), "index.html", func(w io.Writer) error { return summaryPage(w, s) }); err != nil {
		return fmt.Errorf("write the summary in %s: %w", c.Dir(), hint(err))
	}
	return c.pointLatest()
}

// RemovePartial removes what a process that was killed left unfinished. Nobody else may be writing.
func (c *Campaign) RemovePartial() error {
	left, err := filepath.Glob(filepath.Join(c.Dir(), partialPrefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err != nil {
		return fmt.Errorf("clean up %s: %w", c.Dir(), hint(err))
	}
	return nil
}

// pointLatest makes this the campaign that wrote last.
func (c *Campaign) pointLatest() error {
	if err := pointLatest(c.root, c.name); err != nil {
		return fmt.Errorf("point %s to %s: %w", filepath.Join(c.root, latest), c.name, hint(err))
	}
	return nil
}
