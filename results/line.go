package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// Line is what campaign.jsonl holds of one run.
type Line struct {
	Seed       uint64           `json:"seed"`
	Verdict    checker.Validity `json:"verdict"`
	Rule       string           `json:"rule,omitempty"` // what is broken or not known; empty if it is valid, and in lines of earlier versions
	Reason     string           `json:"reason"`
	Digest     string           `json:"digest"`
	Replay     string           `json:"replay"`     // how well it can be repeated
	Dir        string           `json:"dir"`        // in the campaign's directory; empty if its files were not kept
	Virtual    time.Duration    `json:"virtual_ns"` // how much of the world's time passed
	Wall       time.Duration    `json:"wall_ns"`    // and of ours
	Statistics stats.Statistics `json:"statistics"`
	Counters   []report.Counter `json:"counters"`
	Coverage   Coverage         `json:"coverage"`
	Opinion    *checker.Opinion `json:"second_opinion,omitempty"` // nil if no other checker was asked
}

// ParseLines reads whole lines of campaign.jsonl. The error names the file, the line, and what to do; with it come the lines before.
func ParseLines(path string, b []byte) ([]Line, error) {
	var lines []Line
	seen := map[uint64]int{}
	for n := 1; len(b) > 0; n++ {
		text, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		var l Line
		if err := json.Unmarshal(text, &l); err != nil {
			return lines, fmt.Errorf("%s:%d: the line is damaged: %w; delete it to have its run repeated", path, n, err)
		}
		if first, ok := seen[l.Seed]; ok {
			return lines, fmt.Errorf("%s:%d: seed %d is on line %d already; delete one of the two", path, n, l.Seed, first)
		}
		seen[l.Seed] = n
		lines = append(lines, l)
	}
	return lines, nil
}
