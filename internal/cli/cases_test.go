package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A case is a history that some checker got wrong once, and what check has to say of it.
type aCase struct {
	file string
	args []string
	code []int    // any of them is right
	says []string // what is printed, wherever
	lies []string // what must not be
}

// What check makes of histories from bug reports and the files of other tools. Where a model is missing, they are refused by the name
// of what they look like, and where two would do they are refused by the names of both: none may be misjudged.
var historyCases = []aCase{
	// The version is unknown at the invocation, and known at the end (Jepsen's etcd test).
	{file: "01-versioned-register.edn", code: []int{0}, says: []string{"a versioned register ([version value]"}},
	{file: "01-versioned-register.edn", args: []string{"--model", "cas-register"}, code: []int{exitUsage}, says: []string{"versioned register"}},
	// The register begins with 0, as most of Jepsen's do (canonical/raft, issue 390).
	{file: "04-initial-zero.edn", args: []string{"--initial", "0"}, code: []int{0}},
	{file: "04-initial-zero.edn", args: []string{"--initial", "0", "--model", "cas-register"}, code: []int{0}},
	{file: "04-initial-zero.edn", args: []string{"--initial", "0", "--consistency-models", "all"}, code: []int{0}, says: []string{"causal               valid"}},
	{file: "04-initial-zero.edn", code: []int{1}, says: []string{"with --initial 0 it is linearizable"}},
	{file: "04-initial-zero.edn", args: []string{"--initial", "{:x 0}"}, code: []int{exitUsage}, says: []string{"this history has no keys"}},
	{file: "04-initial-zero.edn", args: []string{"--initial", "{:x"}, code: []int{exitUsage}, says: []string{"neither JSON nor EDN"}},
	// Knossos' own good history of several registers, which begin with 0.
	{file: "05-initial-multi.edn", args: []string{"--initial", "{:x 0 :y 0}"}, code: []int{0}},
	{file: "05-initial-multi.edn", args: []string{"--initial", `{"x":0,"y":0}`}, code: []int{0}},
	{file: "05-initial-multi.edn", args: []string{"--initial", "0"}, code: []int{0}},
	{file: "05-initial-multi.edn", code: []int{1}, says: []string{"with --initial '{:x 0}' it is linearizable"}},
	// A cas is [key old new] (the harness of a store on omnipaxos).
	{file: "07-cas-key-old-new.edn", args: []string{"--tuples", "yes"}, code: []int{0}},
	{file: "07-cas-key-old-new.edn", code: []int{0}},
	// Nothing is ok, so there is nothing to judge (a run of braft with 1,636 operations).
	{file: "08-nothing-ok.edn", code: []int{2}, says: []string{"no operation is ok"}},
	{file: "08-nothing-ok.edn", args: []string{"--consistency-models", "sequential"}, code: []int{2}, says: []string{"no operation is ok"}},
	// A recorder that writes both events when an operation has ended: times and lines disagree.
	{file: "09-time-contradicts-order.edn", code: []int{0}, says: []string{"the order is that of the times"}},
	{file: "09-time-contradicts-order.edn", args: []string{"--order", "file"}, code: []int{1}, says: []string{"the order is that of the lines"}},
	// Jepsen's log of version 0.1, and Maelstrom's.
	{file: "11-jepsen-log-01.txt", code: []int{0}, says: []string{"cas-register"}},
	// Completions alone, as Elle's README has them.
	{file: "13-ok-without-invoke.edn", code: []int{0, 2}, says: []string{"there is no invocation"}},
	{file: "14-string-process.edn", code: []int{0}},
	// An array of JSON (elle-cli).
	{file: "15-json-array.txt", code: []int{0}, says: []string{"JSON"}},
	// A drain is as many dequeues as it returns elements (Jepsen's total-queue), and of one that returns no list nobody knows (Jepsen, issue 282).
	{file: "17-drain.edn", args: []string{"--model", "unordered-queue"}, code: []int{0}},
	{file: "17-drain.edn", code: []int{0}, says: []string{"unordered-queue"}},
	{file: "17-drain.edn", args: []string{"--model", "total-queue"}, code: []int{0}},
	{file: "19-drain-exhausted.edn", args: []string{"--model", "total-queue"}, code: []int{2}, says: []string{":exhausted"}},
	{file: "19-drain-exhausted.edn", args: []string{"--model", "unordered-queue"}, code: []int{2}, says: []string{"drain by process 1", ":exhausted"}},
	// An element is there twice.
	{file: "20-set-element-twice.edn", args: []string{"--model", "set-full"}, code: []int{1}, says: []string{"twice"}},
	{file: "20-set-element-twice.edn", args: []string{"--model", "set"}, code: []int{1}, says: []string{"tells 3 twice"}},
	// Stale, and not lost: set-full tells the two apart.
	{file: "21-set-read-is-old.edn", code: []int{1}, says: []string{"lacks 3", "with --model set-full it is valid", "stale"}},
	{file: "21-set-read-is-old.edn", args: []string{"--model", "set-full"}, code: []int{0}, says: []string{"stale"}},
	{file: "21-set-read-is-old.edn", args: []string{"--model", "set-full", "--model-option", "linearizable"}, code: []int{1}, says: []string{"stale"}},
	// Maelstrom's broadcast is a set whose add has another name.
	{file: "22-broadcast.edn", code: []int{0}, says: []string{"broadcast is taken for add"}},
	// Maelstrom's counters are judged by their last reads.
	{file: "23-g-counter.edn", code: []int{0}, says: []string{"g-counter"}},
	{file: "23-g-counter.edn", args: []string{"--model", "g-counter"}, code: []int{0}},
	{file: "23-g-counter.edn", args: []string{"--model", "counter"}, code: []int{1}},
	// Reads return the set of rows (causal-reverse).
	{file: "25-write-read-set.edn", code: []int{0}, says: []string{"causal-reverse", "#{1 2}"}},
	{file: "25-write-read-set.edn", args: []string{"--model", "comments"}, code: []int{0}},
	{file: "25-write-read-set.edn", args: []string{"--model", "register"}, code: []int{exitUsage}, says: []string{"#{1 2}"}},
	// Token 3 after token 4 (Hazelcast's fenced lock).
	{file: "27-fence-goes-back.edn", code: []int{1}, says: []string{"fencing tokens", "the token 3 after process 0 had held it with 4"}},
	{file: "27-fence-goes-back.edn", args: []string{"--model", "mutex"}, code: []int{0}, says: []string{"what acquire returns", "is not looked at"}},
	// A lock that is given twice to its holder is a reentrant one, or a defect of one that is not.
	{file: "29-lock-reentrant.edn", code: []int{exitUsage}, says: []string{"a reentrant-lock or mutex"}},
	{file: "29-lock-reentrant.edn", args: []string{"--model", "reentrant-lock"}, code: []int{0}},
	{file: "29-lock-reentrant.edn", args: []string{"--model", "lock"}, code: []int{1}, says: []string{"with --model reentrant-lock it is valid"}},
	{file: "30-unique-ids.edn", code: []int{1}, says: []string{"unique-ids", "both returned 8"}},
	{file: "31-log-send-poll.edn", code: []int{1}, says: []string{"got offset 5 of 7 after offset 6"}},
	{file: "33-bank-total.edn", code: []int{1}, says: []string{"bank", "19"}},
	// Values are maps with a version (openraft, 1855): the values are the trouble, and not the operations.
	{file: "35-versioned-map.edn", code: []int{0}, says: []string{"a versioned register"}},
	{file: "35-versioned-map.edn", args: []string{"--model", "cas-register"}, code: []int{exitUsage}, says: []string{"a versioned register"}},
	// Knossos' data of 2014.
	{file: "36-vector-operations.edn", code: []int{0}},
	// x's append had returned before y's began, and the reader sees y's alone (Elle, issue 27).
	{file: "37-list-append.edn", code: []int{1}, says: []string{"list-append", "T1 (process 0) read x = [] before T2 (process 1) appended 1 to x", "left: serializable"}},
	{file: "37-list-append.edn", args: []string{"--consistency-models", "serializable"}, code: []int{0}, says: []string{"3 transactions keep serializable"}},
	{file: "37-list-append.edn", args: []string{"--model", "append", "--consistency-models", "PL-3"}, code: []int{0}},
	{file: "37-list-append.edn", args: []string{"--consistency-models", "pram"}, code: []int{exitUsage}, says: []string{"the operations are those of a list-append", "level of isolation"}},
	{file: "39-names-r-w.edn", args: []string{"--model", "register"}, code: []int{0}, says: []string{"r is taken for read", "w is taken for write"}},
	// The only add failed (Jepsen, issue 303).
	{file: "41-counter-failed-add.edn", code: []int{1}, says: []string{"counter", "read"}},
	// Writes that timed out take effect late (Knossos, issue 10).
	{file: "42-register-pending-writes.txt", code: []int{0}},
	// 1 is lost. That 20, which failed, is there is the lesser trouble.
	{file: "43-final-set.edn", args: []string{"--model", "set-final"}, code: []int{1}, says: []string{"lost 1 of 2 acknowledged elements: 1"}},
	{file: "43-final-set.edn", args: []string{"--model", "set"}, code: []int{1}, says: []string{"lacks 1"}, lies: []string{"tells 20"}},
	// Clojure reads 0x7f01 (Knossos, issue 14).
	{file: "45-hex-value.edn", code: []int{0}},
	// Stamped five seconds before it was written down; the index tells the order (Elle's huge-scc).
	{file: "46-time-behind-index.edn", code: []int{0}, says: []string{"the order is that of the indexes"}},
}

// The inputs of an audit of the verdicts, each the smallest of its kind.
var auditCases = []aCase{
	{file: "hang-bounded-staleness.edn", args: []string{"--check-timeout", "2s", "--consistency-models", "bounded-staleness"}, code: []int{1, 2}},
	{file: "guess-from-sample-false-alarm.edn.gz", code: []int{0}, says: []string{"multi-register"}},
	{file: "ok-write-other-value.edn", code: []int{exitUsage}, says: []string{"line 2"}},
	{file: "invalid-utf8-values.edn", code: []int{exitUsage}, says: []string{"line 1", "UTF-8"}},
	{file: "kv-append-to-integer.edn", code: []int{2}, says: []string{"no text"}},
	{file: "untimed-bounded-staleness.edn", args: []string{"--consistency-models", "bounded-staleness"}, code: []int{2}, says: []string{"no times"}},
	{file: "bounded-staleness-times-lifted.edn", args: []string{"--consistency-models", "bounded-staleness", "--staleness", "500ms"}, code: []int{0}},
	{file: "eventual-tie.jsonl.events", args: []string{"--consistency-models", "linearizable,eventual"}, code: []int{0}},
	{file: "cas.edn", code: []int{0}},
	{file: "cas.log", code: []int{0}},
	{file: "stream-hard-key-starves-invalid-key.edn.gz", args: []string{"--model", "unordered-queue", "--check-timeout", "2s"}, code: []int{1}},
	{file: "stream-explanations-exceed-timeout.edn", args: []string{"--check-timeout", "2s"}, code: []int{1}},
	{file: "memory-bound-stack.edn.gz", args: []string{"--memory", "64"}, code: []int{0, 2}},
	{file: "explanation-multi-register.edn", code: []int{1}, says: []string{"read", "write"}, lies: []string{"on its own"}},
	{file: "witness-info-circle.edn", code: []int{1}, says: []string{"read → 3"}},
}

func TestHistoryCases(t *testing.T) { checkCases(t, "testdata/cases/history", historyCases) }

func TestAuditCases(t *testing.T) { checkCases(t, "testdata/cases/audit", auditCases) }

// tooLong is far beyond any bound on time in the cases: a check that takes so long has none.
const tooLong = 30 * time.Second

func checkCases(t *testing.T, dir string, cases []aCase) {
	t.Helper()
	tried := map[string]bool{}
	for _, c := range cases {
		tried[c.file] = true
		t.Run(strings.Join(append([]string{c.file}, c.args...), " "), func(t *testing.T) {
			begin := time.Now()
			code, out := checked(append(c.args, filepath.Join(dir, c.file))...)
			if !slices.Contains(c.code, code) {
				t.Errorf("exit code %d, want one of %v\n%s", code, c.code, out)
			}
			for _, text := range c.says {
				if !strings.Contains(out, text) {
					t.Errorf("it does not say %q:\n%s", text, out)
				}
			}
			for _, text := range c.lies {
				if strings.Contains(out, text) {
					t.Errorf("it says %q:\n%s", text, out)
				}
			}
			if took := time.Since(begin); took > tooLong {
				t.Errorf("it took %v", took)
			}
		})
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !tried[f.Name()] {
			t.Errorf("%s is not tried", f.Name())
		}
	}
}

// checked runs check as a user does, and returns the exit code with all that was printed.
func checked(args ...string) (code int, out string) {
	var b bytes.Buffer
	code = execute(context.Background(), append([]string{"check"}, args...), &b, &b)
	return code, b.String()
}

// An operation that failed has nothing to do with how old a read is.
func TestAnUnrelatedOperationChangesNoVerdict(t *testing.T) {
	text, err := os.ReadFile("testdata/cases/audit/bounded-staleness-times-lifted.edn")
	if err != nil {
		t.Fatal(err)
	}
	var rest []string
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, ":value 9") {
			rest = append(rest, line)
		}
	}
	path := filepath.Join(t.TempDir(), "history.edn")
	if err := os.WriteFile(path, []byte(strings.Join(rest, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := checked("--consistency-models", "bounded-staleness", "--staleness", "500ms", path); code != 0 || len(rest) != 6 {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
