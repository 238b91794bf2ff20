package viewer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"faultline/cluster/report"
	"faultline/results"
)

// recording is what a run recorded of its cluster, apart from what clients saw.
type recording struct {
	track    []report.Transition
	termWord string
	progress []report.Progress
	messages []report.Message
	logs     []report.NodeLog
}

// readRecording reads it. Builds that did not record progress left no file of it, and runs that were not traced none of
// messages.
func readRecording(fsys fs.FS, nodes []string) (*recording, error) {
	r := &recording{}
	if err := decode(fsys, "track.json", &r.track); err != nil {
		return nil, err
	}
	var of report.Report // of which report.json has a part
	if err := decode(fsys, "report.json", &of); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	r.termWord = of.TermWord()
	if err := decode(fsys, "progress.json", &r.progress); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var err error
	if r.messages, err = readMessages(fsys); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, node := range nodes {
		text, err := fs.ReadFile(fsys, results.LogPath(node))
		if err != nil {
			return nil, err
		}
		r.logs = append(r.logs, report.NodeLog{Node: node, Text: text})
	}
	return r, nil
}

func decode(fsys fs.FS, name string, v any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func readMessages(fsys fs.FS) ([]report.Message, error) {
	const name = "messages.jsonl"
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []report.Message
	for d := json.NewDecoder(bufio.NewReaderSize(f, 1<<16)); ; {
		var m report.Message
		switch err := d.Decode(&m); {
		case err == io.EOF:
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("%s:%d: %w", name, len(all)+1, err)
		}
		all = append(all, m)
	}
}

// write puts it into a container.
func (r *recording) write(c *container, s *stringTable) {
	writeTrack(c, s, r.track)
	writeProgress(c, s, r.progress)
	writeMessages(c, s, r.messages)
	for _, log := range r.logs {
		c.add("log:"+log.Node, log.Text)
	}
}

func writeTrack(c *container, s *stringTable, track []report.Transition) {
	var at []float64
	var node, role []uint32
	var term []uint64
	for _, t := range track {
		at = append(at, float64(t.Time))
		node, role = append(node, s.number(t.Node)), append(role, s.number(t.Role))
		term = append(term, t.Term)
	}
	c.add("track.time", at)
	c.add("track.node", node)
	c.add("track.role", role)
	c.addUints("track.term", term)
}

func writeProgress(c *container, s *stringTable, all []report.Progress) {
	var at []float64
	var node, event []uint32
	var last, commit, applied, snapshot []uint64
	for _, p := range all {
		at = append(at, float64(p.Time))
		node, event = append(node, s.number(p.Node)), append(event, s.number(p.Event))
		last, commit = append(last, p.Last), append(commit, p.Commit)
		applied, snapshot = append(applied, p.Applied), append(snapshot, p.Snapshot)
	}
	c.add("progress.time", at)
	c.add("progress.node", node)
	c.add("progress.event", event)
	c.addUints("progress.last", last)
	c.addUints("progress.commit", commit)
	c.addUints("progress.applied", applied)
	c.addUints("progress.snapshot", snapshot)
}

func writeMessages(c *container, s *stringTable, all []report.Message) {
	var sent, received []float64
	var from, to, kind, detail, clock []uint32
	var id, reply, term []uint64
	for _, m := range all {
		sent, received = append(sent, float64(m.Sent)), append(received, float64(m.Received))
		from, to = append(from, s.number(m.From)), append(to, s.number(m.To))
		kind, detail = append(kind, s.number(m.Kind)), append(detail, s.number(m.Detail))
		clock = append(clock, s.number(m.Clock))
		id, reply, term = append(id, uint64(max(m.ID, 0))), append(reply, uint64(max(m.ReplyTo, 0))), append(term, m.Term)
	}
	c.add("message.sent", sent)
	c.add("message.received", received)
	c.add("message.from", from)
	c.add("message.to", to)
	c.add("message.kind", kind)
	c.add("message.detail", detail)
	c.add("message.clock", clock)
	c.addUints("message.id", id)
	c.addUints("message.reply_to", reply)
	c.addUints("message.term", term)
}
