package cli

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write documents anew: what the commands of docs/consistency.md and other documents print, and what the registry says of workloads")

// typed is a command in the document, with what it printed.
var typed = regexp.MustCompile("(?ms)^```text\n\\$ (faultline [^\n]*)\n(.*?)^```\n")

func TestConsistencyDocument(t *testing.T)  { document(t, "consistency.md", 12) }
func TestTransactionsDocument(t *testing.T) { document(t, "transactions.md", 15) }
func TestPaxosDocument(t *testing.T)        { document(t, "paxos.md", 2) }
func TestChainDocument(t *testing.T)        { document(t, "chain.md", 1) }

// document checks that the commands of a document, so many at least, find what it says that they find. What they print in full depends on
// the build; with -update it is written into the document.
func document(t *testing.T, name string, least int) {
	path := filepath.Join("docs", name)
	stored := t.TempDir()
	t.Chdir(filepath.FromSlash("../.."))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	text := typed.ReplaceAllStringFunc(string(b), func(block string) string {
		m := typed.FindStringSubmatch(block)
		args := strings.Fields(m[1])[1:]
		if args[0] == "compare" && !*update {
			return block // which the script of compare does for less
		}
		if commands++; args[0] == "run" || args[0] == "compare" {
			args = append(args, "--results", stored)
		}
		var stdout, stderr bytes.Buffer
		execute(context.Background(), args, &stdout, &stderr)
		shown := worthShowing(args[0], stdout.String())
		if !*update && finding(shown) != finding(m[2]) {
			t.Errorf("%s\nprints\n%s%s\nand the document says\n%s", m[1], shown, stderr.String(), m[2])
		}
		return "```text\n$ " + m[1] + "\n" + shown + "```\n"
	})
	if commands < least {
		t.Errorf("the document has %d commands", commands)
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// worthShowing is the part of what a command prints that the document shows: of a campaign the failure, of a comparison
// the tables of its first condition.
func worthShowing(command, text string) string {
	switch command {
	case "run":
		_, text, _ = strings.Cut(text, "summary")
		_, text, _ = strings.Cut(text, "\n\n")
		text, _, _ = strings.Cut(text, "\n  serve")
	case "compare":
		text, _, _ = strings.Cut(text, "\n3 nodes that pipeline")
		if end := regexp.MustCompile(`(?m)^\S+ (is not|IS TO BE) `).FindStringIndex(text); end != nil {
			text = text[:end[0]]
		}
	}
	return strings.TrimSpace(text) + "\n"
}

// refuted is the models that a history does not keep, or what refutes them: an anomaly of transactions.
var refuted = regexp.MustCompile(`(?:is invalid|INVALID): (?:not )?([A-Za-z0-9, -]+)(?: \([a-z ]+\))?: `)

// finding is what was refuted, whatever the seed and the operations; all of the text where it does not say.
func finding(text string) string {
	if m := refuted.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return text
}
