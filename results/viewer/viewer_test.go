package viewer_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"faultline/history"
	"faultline/results/cycle"
	"faultline/results/viewer"
)

// index is the index of a container, and data what is behind it.
type index struct {
	Meta struct {
		Validity   string
		Violations []struct {
			Key        string
			Rule       string
			Cause      string
			Operations []struct {
				Row, Position int
				Text          string
			}
			Cycle *cycle.Drawing
		}
		Attempts []struct {
			Validity string
			Rows     []int
			Orders   [][]struct {
				Row   int
				State string
			}
		}
	}
	Sections []struct {
		Name, Type     string
		Offset, Length int
	}
	data []byte
}

func parse(t *testing.T, c io.WriterTo) *index {
	t.Helper()
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	if string(raw[:8]) != "FAULTVW1" {
		t.Fatalf("the container begins with %q", raw[:8])
	}
	length := int(binary.LittleEndian.Uint32(raw[8:]))
	in := &index{data: raw[(12+length+7)/8*8:]}
	if err := json.Unmarshal(raw[12:12+length], in); err != nil {
		t.Fatal(err)
	}
	return in
}

// column returns the numbers of a column.
func (in *index) column(t *testing.T, name string) []float64 {
	t.Helper()
	for _, s := range in.Sections {
		if s.Name != name {
			continue
		}
		values := make([]float64, s.Length)
		for i := range values {
			switch s.Type {
			case "u8":
				values[i] = float64(in.data[s.Offset+i])
			case "u32":
				values[i] = float64(binary.LittleEndian.Uint32(in.data[s.Offset+4*i:]))
			case "i32":
				values[i] = float64(int32(binary.LittleEndian.Uint32(in.data[s.Offset+4*i:])))
			case "f64":
				values[i] = math.Float64frombits(binary.LittleEndian.Uint64(in.data[s.Offset+8*i:]))
			}
		}
		return values
	}
	t.Fatalf("there is no column %s", name)
	return nil
}

// A scene holds what the history holds, by invocation.
func TestSceneHoldsTheHistory(t *testing.T) {
	dir := small.write(t, t.TempDir())
	scene, err := viewer.ReadScene(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	in := parse(t, scene)
	ops, err := history.Operations(small.history().Events)
	if err != nil {
		t.Fatal(err)
	}
	if scene.Operations() != len(ops) {
		t.Fatalf("%d operations, of %d", scene.Operations(), len(ops))
	}
	invoke, ret, process, outcome := in.column(t, "op.invoke"), in.column(t, "op.return"), in.column(t, "op.process"), in.column(t, "op.outcome")
	output, logIndex := in.column(t, "op.output"), in.column(t, "op.log_index")
	numbers := map[history.Type]float64{history.OK: 0, history.Fail: 1, history.Info: 2}
	for i, op := range ops {
		if invoke[i] != float64(op.Invoke) || ret[i] != float64(op.Return) || process[i] != float64(op.Process) || outcome[i] != numbers[op.Outcome] || logIndex[i] != float64(op.LogIndex) {
			t.Fatalf("operation %d is %v %v %v %v %v, and not %+v", i, invoke[i], ret[i], process[i], outcome[i], logIndex[i], op)
		}
		if n, ok := op.Output.Int(); ok && output[i] != float64(2*n+1) {
			t.Fatalf("the result of operation %d is %v, and not that of %v", i, output[i], n)
		}
	}
	if len(in.Meta.Violations) == 0 || in.Meta.Validity != "invalid" {
		t.Fatalf("%+v", in.Meta)
	}
	for _, v := range in.Meta.Violations {
		for _, o := range v.Operations {
			if ops[o.Row].Key != v.Key {
				t.Errorf("%q on key %s points to %+v", o.Text, v.Key, ops[o.Row])
			}
		}
	}
}

// An analysis has an order of every key that is valid, and for each that is not where the attempts to order it end.
func TestAnalysis(t *testing.T) {
	dir := small.write(t, t.TempDir())
	analysis, err := viewer.Analyze(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	scene, err := viewer.ReadScene(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	in, sceneIn := parse(t, analysis), parse(t, scene)
	bad := map[string]bool{}
	for _, v := range sceneIn.Meta.Violations {
		bad[v.Key] = true
	}
	ops, err := history.Operations(small.history().Events)
	if err != nil {
		t.Fatal(err)
	}
	order := in.column(t, "op.order")
	for i, op := range ops {
		if placed := order[i] > 0; placed && (bad[op.Key] || op.Outcome == history.Fail) || !placed && !bad[op.Key] && op.Outcome == history.OK {
			t.Errorf("operation %d, %+v, has the place %v", i, op, order[i])
		}
	}
	if len(in.Meta.Attempts) != len(sceneIn.Meta.Violations) {
		t.Fatalf("%d attempts for %d violations", len(in.Meta.Attempts), len(sceneIn.Meta.Violations))
	}
	for _, a := range in.Meta.Attempts {
		if a.Validity != "invalid" || len(a.Orders) == 0 {
			t.Errorf("%+v", a)
		}
		for _, steps := range a.Orders {
			if len(steps) >= len(a.Rows) {
				t.Errorf("%v orders all of %v", steps, a.Rows)
			}
		}
	}
}

// Attempts stand next to the violations that they explain, whatever other parts a verdict has; violations of other models have none.
func TestAttemptsOfOtherModels(t *testing.T) {
	dir := small.write(t, t.TempDir())
	path := filepath.Join(dir, "verdict.json")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := `"parts": [{"name": "consistency", "validity": "invalid", "reason": "", "model": "causal", "findings": [{"rule": "causal", "validity": "invalid", "sentence": "", "cause": "n3 led", "total": 9}]},`
	if err := os.WriteFile(path, bytes.Replace(b, []byte(`"parts": [`), []byte(other), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	analysis, err := viewer.Analyze(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	scene, err := viewer.ReadScene(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	attempts, violations := parse(t, analysis).Meta.Attempts, parse(t, scene).Meta.Violations
	if len(attempts) != len(violations) || len(attempts[0].Orders) != 0 || len(attempts[1].Orders) == 0 || violations[0].Rule != "causal" || violations[0].Cause != "n3 led" {
		t.Errorf("%+v\n%+v", violations, attempts)
	}
}

// What is damaged is refused, by name.
func TestDamagedRuns(t *testing.T) {
	tests := []struct {
		file string
		do   func(path string) error
		want string
	}{
		{"verdict.json", os.Remove, "verdict.json is missing"},
		{"track.json", os.Remove, "track.json is missing"},
		{"history.jsonl", os.Remove, "history.jsonl is missing"},
		{"nodes/n1.log", os.Remove, "nodes/n1.log is missing"},
		{"verdict.json", halve, "verdict.json:"},
		{"history.jsonl", halve, "history.jsonl"},
		{"messages.jsonl", halve, "messages.jsonl:"},
		{"history.jsonl", anotherValue, "digest"},
	}
	for _, tt := range tests {
		dir := small.write(t, t.TempDir())
		if err := tt.do(filepath.Join(dir, tt.file)); err != nil {
			t.Fatal(err)
		}
		if _, err := viewer.ReadScene(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, and not %s", tt.file, err, tt.want)
		}
	}
}

func halve(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/2-1)
}

func anotherValue(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, bytes.Replace(b, []byte(`"f":"read"`), []byte(`"f":"look"`), 2), 0o644)
}

// A page needs nothing but itself, and 100,000 operations take less than ten megabytes.
func TestPageOfAHundredThousandOperations(t *testing.T) {
	large := sample{operations: 100_000, processes: 10, keys: 50, length: 10 * time.Minute, stale: 1}
	dir := large.write(t, t.TempDir())
	var page bytes.Buffer
	if err := viewer.WritePage(&page, os.DirFS(dir), "large"); err != nil {
		t.Fatal(err)
	}
	if page.Len() > 10_000_000 {
		t.Errorf("the page has %d bytes", page.Len())
	}
	t.Logf("%d bytes", page.Len())
	if i := regexp.MustCompile(`(?i)<(link|img|iframe)|src=|\bfetch\("http|@import|url\(`).FindIndex(page.Bytes()); i != nil {
		t.Errorf("the page loads something: %s", page.Bytes()[i[0]:i[0]+80])
	}
}

// A page whose files come from somewhere else than a disk is the same.
func TestFileSystems(t *testing.T) {
	dir := small.write(t, t.TempDir())
	inMemory := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, p))
		inMemory[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var pages [2]bytes.Buffer
	for i, fsys := range []fs.FS{os.DirFS(dir), inMemory} {
		if err := viewer.WritePage(&pages[i], fsys, `<b>"&`); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(pages[0].Bytes(), pages[1].Bytes()) {
		t.Error("the pages differ")
	}
	if !bytes.Contains(pages[0].Bytes(), []byte("<title>&lt;b&gt;&#34;&amp;</title>")) {
		t.Error("the title is markup")
	}
}

// Runs that the version before stored can be looked at.
func TestRunsOfVersion1(t *testing.T) {
	old := os.DirFS("../testdata/format1/linearizable")
	scene, err := viewer.ReadScene(old)
	if err != nil {
		t.Fatal(err)
	}
	analysis, err := viewer.Analyze(old)
	if err != nil {
		t.Fatal(err)
	}
	violations, attempts := parse(t, scene).Meta.Violations, parse(t, analysis).Meta.Attempts
	if len(violations) != 2 || violations[0].Key != "k1" || len(violations[0].Operations) == 0 || len(attempts) != 2 || len(attempts[0].Orders) == 0 {
		t.Errorf("%+v\n%+v", violations, attempts)
	}
}
