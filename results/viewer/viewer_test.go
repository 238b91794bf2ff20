package viewer_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/anishathalye/porcupine"

	"faultline/history"
	"faultline/results/viewer"
)

// index is the index of a container, and data what is behind it.
type index struct {
	Meta struct {
		Validity   string
		Violations []struct {
			Key        string
			Operations []struct {
				Row  int
				Text string
			}
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

// The bundle needs no parser because modules keep to a few rules.
func TestModulesCanBeBundled(t *testing.T) {
	declared := map[string]string{}
	declaration := regexp.MustCompile(`(?m)^(?:export )?(?:async )?(?:function|const|let|var|class) (\w+)`)
	allowed := regexp.MustCompile(`(?m)^import \{ \w+(, \w+)* \} from "\./[a-z]+\.js";$`)
	names, err := fs.Glob(viewer.Assets(), "*.js")
	if err != nil || len(names) < 20 {
		t.Fatalf("modules %v, %v", names, err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(viewer.Assets(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declaration.FindAllSubmatch(b, -1) {
			if other := declared[string(m[1])]; other != "" {
				t.Errorf("%s and %s both declare %s", other, name, m[1])
			}
			declared[string(m[1])] = name
		}
		imports := strings.Count(string(b), "\nimport ") + strings.Count(string(b)[:min(7, len(b))], "import ")
		if n := len(allowed.FindAll(b, -1)); n != imports {
			t.Errorf("%s has %d imports, of which %d are as they should be", name, imports, n)
		}
		for _, word := range []string{"export default", "export {", "import * ", "import(", "innerHTML", "</script", "<!--", "eval("} {
			if i := strings.Index(string(b), word); i >= 0 && !strings.Contains(lineAt(b, i), "//") {
				t.Errorf("%s: %s", name, lineAt(b, i))
			}
		}
	}
}

func lineAt(b []byte, i int) string {
	begin := bytes.LastIndexByte(b[:i], '\n') + 1
	end := bytes.IndexByte(b[i:], '\n')
	return string(b[begin : i+max(end, 0)])
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

// Text is readable: its contrast is 4.5 or more in both themes (WCAG 2.1, level AA).
func TestContrast(t *testing.T) {
	b, err := fs.ReadFile(viewer.Assets(), "viewer.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s)color-scheme: (light|dark);(.*?)\}`).FindAllSubmatch(b, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d themes", len(blocks))
	}
	colors := map[string]string{}
	for _, block := range blocks {
		for _, m := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6})`).FindAllSubmatch(block[2], -1) {
			colors[string(m[1])] = string(m[2])
		}
		for _, ground := range []string{"paper", "card"} {
			for _, text := range []string{"ink", "faint", "link", "valid", "invalid", "unknown", "mark"} {
				if c := contrast(t, colors[text], colors[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", block[1], text, ground, c)
				}
			}
		}
		for _, ground := range []string{"ok", "info", "fail"} {
			if c := contrast(t, colors["on-bar"], colors[ground]); c < 4.5 {
				t.Errorf("%s: text on %s has a contrast of %.2f", block[1], ground, c)
			}
		}
		if c := contrast(t, colors["paper"], colors["leader"]); c < 4.5 {
			t.Errorf("%s: text on a leader has a contrast of %.2f", block[1], c)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	bright := []float64{luminance(t, a), luminance(t, b)}
	slices.Sort(bright)
	return (bright[1] + 0.05) / (bright[0] + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	if len(color) != 7 {
		t.Fatalf("the color %q", color)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		var n int
		for _, c := range color[1+2*i : 3+2*i] {
			n = 16*n + strings.IndexRune("0123456789abcdef", c)
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			sum += weight * v / 12.92
		} else {
			sum += weight * math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return sum
}

// BenchmarkAgainstPorcupine writes our page and porcupine's of the same history, which has one read that is too old. Ours is made of a
// stored run, from its files.
func BenchmarkAgainstPorcupine(b *testing.B) {
	for _, operations := range []int{1_000, 3_000, 10_000} {
		s := sample{operations: operations, processes: 10, keys: 1, length: time.Minute, stale: 1, late: true, busy: 1.9}
		dir := s.write(b, b.TempDir())
		h := s.history()
		b.Run(fmt.Sprintf("ours/%d", operations), func(b *testing.B) {
			for b.Loop() {
				var page bytes.Buffer
				if err := viewer.WritePage(&page, os.DirFS(dir), "x"); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(page.Len()), "bytes")
			}
		})
		b.Run(fmt.Sprintf("porcupine/%d", operations), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(porcupinePage(b, h)), "bytes")
			}
		})
	}
}

// porcupinePage checks and draws a history on one register as porcupine's users do, and returns the size of the page.
func porcupinePage(b *testing.B, h *history.History) int {
	type call struct {
		write bool
		value history.Value
	}
	ops, err := history.Operations(h.Events)
	if err != nil {
		b.Fatal(err)
	}
	var calls []porcupine.Operation
	for _, op := range ops {
		if op.Outcome != history.OK {
			continue // what is pending takes it exponential time
		}
		c := call{op.F == "write", op.Output}
		calls = append(calls, porcupine.Operation{ClientId: int(op.Process), Input: c, Output: op.Output, Call: int64(op.Invoke), Return: int64(op.Return)})
	}
	model := porcupine.Model{
		Init: func() any { return history.NilValue() },
		Step: func(state, input, _ any) (bool, any) {
			c := input.(call)
			return c.write || c.value.Equal(state.(history.Value)), map[bool]any{true: c.value, false: state}[c.write]
		},
		Equal:             func(a, b any) bool { return a.(history.Value).Equal(b.(history.Value)) },
		DescribeOperation: func(input, _ any) string { return input.(call).value.String() },
		DescribeState:     func(state any) string { return state.(history.Value).String() },
	}
	_, info := porcupine.CheckOperationsVerbose(model, calls, 10*time.Second)
	var page bytes.Buffer
	if err := porcupine.Visualize(model, info, &page); err != nil {
		b.Fatal(err)
	}
	return page.Len()
}

// BenchmarkScene reads a run of a million operations and encodes it, as a server does.
func BenchmarkScene(b *testing.B) {
	dir := sample{operations: 1_000_000, processes: 20, keys: 100, length: time.Hour}.write(b, b.TempDir())
	for b.Loop() {
		scene, err := viewer.ReadScene(os.DirFS(dir))
		if err != nil {
			b.Fatal(err)
		}
		n, err := scene.WriteTo(io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
}
