package recorded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An example is a history that comes with another tool, and what has to come of it here.
type example struct {
	file    string // below a directory in FAULTLINE_HISTORIES
	model   string // as the tool's own tests name it
	options []string
	// consistency is the level of isolation that is asked for, if it is not that which the model means.
	consistency string
	theirs      string // the tool's verdict
	ours        string // ours, or what an error says; empty if it is theirs
	because     string // why it differs
}

// elleCLI are the histories of elle-cli (its directory histories), with the models and verdicts of its test.sh.
var elleCLI = []example{
	{file: "knossos/cas-register/bad/bad-analysis.edn", model: "cas-register", theirs: "invalid"},
	{file: "knossos/cas-register/bad/cas-failure.edn", model: "cas-register", theirs: "invalid"},
	{file: "knossos/cas-register/bad/mongodb-v0-ack-rollback-6.edn", model: "cas-register", theirs: "invalid"},
	{file: "knossos/cas-register/bad/rethink-fail.edn", model: "cas-register", theirs: "invalid"},
	{file: "knossos/cas-register/bad/rethink-fail-minimal.edn", model: "cas-register", theirs: "invalid"},
	{file: "knossos/cas-register/bad/rethink-fail-smaller.edn", model: "cas-register", theirs: "invalid"},
	{file: "knossos/cas-register/good/memstress3-9.edn", model: "cas-register", theirs: "valid"},
	{file: "knossos/cas-register/good/memstress3-9.json", model: "cas-register", theirs: "valid"},
	{file: "knossos/mutex/bad/etcd.edn", model: "mutex", theirs: "invalid"},
	{file: "knossos/mutex/bad/etcd.json", model: "mutex", theirs: "invalid"},
	{file: "knossos/mutex/bad/hazelcast.edn", model: "mutex", theirs: "invalid"},
	{file: "jepsen/counter.edn", model: "counter", theirs: "valid"},
	{file: "jepsen/counter.edn", model: "jepsen-counter", theirs: "valid", ours: "unknown", because: "there is no read"},
	{file: "jepsen/counter.json", model: "counter", theirs: "valid"},
	{file: "jepsen/set.edn", model: "set", theirs: "valid"},
	{file: "jepsen/set.edn", model: "jepsen-set", theirs: "valid"},
	{file: "jepsen/set_full.edn", model: "set-full", theirs: "invalid", ours: "is not a [key value] tuple", because: "its adds and the invocation of its read have keys, and the answer has none"},
	{file: "jepsen/set_full.json", model: "set-full", theirs: "invalid", ours: "is not a [key value] tuple", because: "its adds and the invocation of its read have keys, and the answer has none"},
	{file: "jepsen/bank.edn", model: "bank", theirs: "valid"},
	{file: "jepsen/bank.json", model: "bank", theirs: "valid"},
	{file: "jepsen/bank-tidb.edn", model: "bank", theirs: "invalid"},
	{file: "jepsen/bank-neg.edn", model: "bank", theirs: "valid"},
	{file: "jepsen/bank-negative-balances.json", model: "bank", theirs: "invalid"},
	{file: "jepsen/bank-negative-balances.json", model: "bank", options: []string{"allow-negative-balances"}, theirs: "valid"},
	{file: "jepsen/bank-neg.edn", theirs: "valid"},
	{file: "jepsen/bank-negative-balances.json", theirs: "invalid"},
	{file: "elle/rw-register.edn", model: "rw-register", theirs: "valid", ours: "invalid", because: "it reads 3, which nothing wrote; Elle takes that for an initial value"},
	{file: "elle/rw-register.edn", theirs: "valid", ours: "invalid", because: "it reads 3, which nothing wrote; Elle takes that for an initial value"},
	{file: "elle/rw-register.json", theirs: "valid", ours: "invalid", because: "it reads 3, which nothing wrote; Elle takes that for an initial value"},
	{file: "elle/paper-example.edn", model: "list-append", theirs: "invalid"},
	{file: "elle/paper-example.json", theirs: "invalid"},
	{file: "elle/list-append-gh-30.edn", model: "list-append", consistency: "serializable", theirs: "invalid"},
	{file: "elle/list-append-gh-30.edn", consistency: "strong-snapshot-isolation", ours: "valid"},
	{file: "jepsen/long-fork.edn", theirs: "invalid", ours: "this operation has no process", because: "who invoked what cannot be told"},
	{file: "custom/comments.edn", model: "comments", theirs: "invalid", ours: "this operation has no process", because: "who invoked what cannot be told"},
}

// maelstromDocs are the logs in Maelstrom's documentation (its directory doc): the file, and which of its logs it is. Maelstrom gives
// no verdict on what it quotes a part of.
var maelstromDocs = []example{
	{file: "03-broadcast/01-broadcast.md#1", ours: "unknown", because: "there is no read"},
	{file: "03-broadcast/01-broadcast.md#2", ours: "say which one is meant", because: "nothing is added"},
	{file: "03-broadcast/01-broadcast.md#2", model: "broadcast", ours: "invalid", because: "nobody added what is read: that part is not quoted"},
	{file: "03-broadcast/01-broadcast.md#3", ours: "invalid", because: "nobody added what is read: that part is not quoted"},
	{file: "03-broadcast/01-broadcast.md#5", ours: "completes broadcast, which it did not invoke", because: "a letter of the first line is lost, so that it is not one of the log"},
	{file: "03-broadcast/02-performance.md#2", ours: "completes broadcast, which it did not invoke", because: "lines are left out"},
	{file: "04-crdts/01-g-set.md#1", ours: "valid"},
	{file: "05-datomic/02-shared-state.md#1", ours: "valid"},
	{file: "06-raft/01-key-value.md#1", ours: "valid"},
	{file: "06-raft/01-key-value.md#1", model: "lin-kv", ours: "valid"},
}

// elle are the histories of Elle (its directory histories), with what its tests say of them.
var elle = []example{
	{file: "huge-scc.edn", theirs: "invalid"}, // Elle does not find out which cycles there are, and says that strong snapshot isolation is refuted
	{file: "huge-scc.edn", consistency: "strong-session-serializable", ours: "valid"},
	{file: "paper-example.edn", ours: "this operation has no process", because: "who invoked what cannot be told"},
	{file: "si-without-g-single.edn", consistency: "snapshot-isolation", theirs: "valid"},
	{file: "si-without-g-single.edn", consistency: "repeatable-read", theirs: "invalid"},
}

// The histories of other tools come out as these say, and each exception has a reason. FAULTLINE_HISTORIES names directories, where
// somebody has them.
func TestOtherToolsSayTheSame(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("FAULTLINE_HISTORIES"))
	if len(dirs) == 0 {
		t.Skip("FAULTLINE_HISTORIES names no directories")
	}
	for _, x := range slices.Concat(elleCLI, elle, maelstromDocs) {
		for _, dir := range dirs {
			name, _, excerpt := strings.Cut(x.file, "#")
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); err != nil {
				continue
			}
			t.Run(x.file+" "+x.model+x.consistency, func(t *testing.T) {
				if excerpt {
					path = quoted(t, path, x.file)
				}
				x.comesOut(t, path)
			})
		}
	}
}

func (x example) comesOut(t *testing.T, path string) {
	want := x.theirs
	if x.ours != "" {
		want = x.ours
	}
	o := Options{Model: x.model, ModelOptions: x.options}
	if x.consistency != "" {
		o.ConsistencyModels = []string{x.consistency}
	}
	got := ""
	if r, err := Check(context.Background(), path, o); err != nil {
		got = err.Error()
	} else {
		got = fmt.Sprintf("%v: %s", r.Verdict.Validity, r.Verdict.Reason)
	}
	if named := want == "valid" || want == "invalid" || want == "unknown"; named && !strings.HasPrefix(got, want+":") || !strings.Contains(got, want) {
		t.Errorf("%s; want %s (%s)", got, want, x.because)
	}
}

var fenced = regexp.MustCompile("(?s)```[a-z]*\n(.*?)```")

// quoted writes the log of that number in a page of documentation to a file.
func quoted(t *testing.T, page, name string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, wanted, _ := strings.Cut(name, "#")
	n := 0
	for _, block := range fenced.FindAllSubmatch(text, -1) {
		if strings.Contains(string(block[1]), "\t:invoke\t") {
			n++
		}
		if fmt.Sprint(n) == wanted {
			path := filepath.Join(t.TempDir(), "jepsen.log")
			if err := os.WriteFile(path, block[1], 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	t.Fatalf("there are %d logs in %s", n, page)
	return ""
}
