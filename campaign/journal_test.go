package campaign

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"faultline/campaign/internal/trialtest"
	"faultline/checker"
	"faultline/results"
)

// journalOf makes a journal with lines of these seeds.
func journalOf(t *testing.T, seeds ...uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "campaign.jsonl")
	j, _, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	for _, seed := range seeds {
		if err := j.append(results.Line{Seed: seed, Verdict: checker.Valid}); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A kill at any moment leaves whole lines and at most a piece of one. Wherever the file ends, the next
// process finds the whole lines, cuts the piece off, and after it has run what is missing every seed is
// there once.
func TestAKillAtAnyByteCostsOneLineAtMost(t *testing.T) {
	whole := trialtest.Read(t, journalOf(t, 1, 2, 3, 4, 5))
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(dir, "campaign.jsonl")
		torn := whole[:rapid.IntRange(0, len(whole)).Draw(rt, "bytes")]
		trialtest.Write(t, path, torn)
		j, before, err := openJournal(path)
		if err != nil {
			rt.Fatal(err)
		}
		defer j.close()
		if want := strings.Count(torn, "\n"); len(before) != want {
			rt.Fatalf("%d lines of %d", len(before), want)
		}
		for seed := len(before) + 1; seed <= 5; seed++ {
			if err := j.append(results.Line{Seed: uint64(seed), Verdict: checker.Valid}); err != nil {
				rt.Fatal(err)
			}
		}
		if after := trialtest.Read(t, path); after != whole {
			rt.Fatalf("the record is now\n%s", after)
		}
	})
}

// What no kill can have done is not guessed at: the error names file and line, and what to do.
func TestDamagedRecords(t *testing.T) {
	tests := []struct {
		name   string
		damage func(string) string
		want   string
	}{
		{"a line in the middle is not JSON", func(s string) string { return strings.Replace(s, `{"seed":2`, `{"seed":2"`, 1) },
			":2: the line is damaged: "},
		{"a line is empty", func(s string) string { return strings.Replace(s, "\n", "\n\n", 1) },
			":2: the line is damaged: "},
		{"a verdict is none of the three", func(s string) string { return strings.Replace(s, `"valid"`, `"fine"`, 1) },
			`:1: the line is damaged: verdict "fine" is not one of valid, invalid, unknown; delete it to have its run repeated`},
		{"a seed is there twice", func(s string) string { return strings.Replace(s, `{"seed":3`, `{"seed":1`, 1) },
			":3: seed 1 is on line 1 already; delete one of the two"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := journalOf(t, 1, 2, 3)
			damaged := tt.damage(trialtest.Read(t, path))
			trialtest.Write(t, path, damaged)
			_, _, err := openJournal(path)
			if err == nil || !strings.Contains(err.Error(), path+tt.want) {
				t.Errorf("got %v", err)
			}
			if trialtest.Read(t, path) != damaged {
				t.Error("it was changed")
			}
		})
	}
}

// A campaign is run by one process at a time, and is free as soon as that one is gone.
func TestOneProcessAtATime(t *testing.T) {
	path := journalOf(t, 1)
	j, _, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := openJournal(path); !errors.Is(err, ErrRunning) {
		t.Errorf("a second one got %v", err)
	}
	j.close()
	j, _, err = openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	j.close()
}

// When a line could not be written, none is written behind it: the piece of it that may be there would not be
// at the end of the file, where it can be cut off.
func TestNothingIsWrittenBehindAFailedLine(t *testing.T) {
	path := journalOf(t)
	j, _, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	good := j.file
	if j.file, err = os.Open(path); err != nil { // for reading: it cannot be written
		t.Fatal(err)
	}
	if err := j.append(results.Line{Seed: 1}); err == nil || !strings.Contains(err.Error(), "record seed 1: ") {
		t.Errorf("got %v", err)
	}
	j.close()
	j.file = good
	if err := j.append(results.Line{Seed: 2}); err == nil {
		t.Error("the next line was written")
	}
	if got := trialtest.Read(t, path); got != "" {
		t.Errorf("the record is %q", got)
	}
}

// A line says everything that a summary needs, so that a resumed campaign's is the same as one's that was
// never stopped.
func TestLinesComeBackAsTheyWere(t *testing.T) {
	c := create(t, quickPlan(2), Options{})
	run(t, c)
	for i, got := range lines(t, c) {
		want, err := json.Marshal(c.lines[i])
		if err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(got); err != nil || !bytes.Equal(b, want) {
			t.Errorf("%v: got  %s\nwant %s", err, b, want)
		}
	}
}
