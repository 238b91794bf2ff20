package deploy

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// action is action.yml: what GitHub reads of it.
type action struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Author      string `json:"author"`
	Branding    struct {
		Icon  string `json:"icon"`
		Color string `json:"color"`
	} `json:"branding"`
	Inputs  map[string]input  `json:"inputs"`
	Outputs map[string]output `json:"outputs"`
	Runs    struct {
		Using string `json:"using"`
		Steps []step `json:"steps"`
	} `json:"runs"`
}

type input struct {
	Description string `json:"description"`
	Required    bool   `json:"required"`
	Default     string `json:"default"`
}

type output struct {
	Description string `json:"description"`
	Value       string `json:"value"`
}

type step struct {
	Name             string            `json:"name"`
	ID               string            `json:"id"`
	If               string            `json:"if"`
	Uses             string            `json:"uses"`
	With             map[string]any    `json:"with"`
	Shell            string            `json:"shell"`
	WorkingDirectory string            `json:"working-directory"`
	Env              map[string]string `json:"env"`
	Run              string            `json:"run"`
}

func readAction(t *testing.T) action {
	t.Helper()
	var a action
	if err := yaml.UnmarshalStrict([]byte(read(t, filepath.Join(root, "action.yml"))), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

var (
	pinned     = regexp.MustCompile(`^actions/[a-z-]+@v\d+$`)
	identifier = regexp.MustCompile(`^[_a-zA-Z][a-zA-Z0-9_-]*$`)
	expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)
	inputName  = regexp.MustCompile(`inputs\.([a-z-]+)`)
	outputName = regexp.MustCompile(`steps\.([a-z-]+)\.outputs\.`)
)

// The action is what GitHub takes: of the schema what is about composite actions. No text of a user becomes part of a script.
func TestActionIsWellFormed(t *testing.T) {
	a := readAction(t)
	if a.Name == "" || a.Description == "" || a.Runs.Using != "composite" {
		t.Errorf("%+v", a)
	}
	for name, in := range a.Inputs {
		if in.Description == "" || !identifier.MatchString(name) || name != strings.ToLower(name) {
			t.Errorf("input %s: %+v", name, in)
		}
	}
	ids, used := map[string]bool{}, map[string]bool{}
	for _, s := range a.Runs.Steps {
		runs, uses := s.Run != "" && s.Shell == "bash" && s.With == nil, s.Run == "" && s.Shell == "" && pinned.MatchString(s.Uses)
		if s.Name == "" || runs == uses {
			t.Errorf("%+v is no step", s)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s: what is in an expression would be run as a script: give it to the step as a variable", s.Name)
		}
		checkReferences(t, a, s, ids, used)
		ids[s.ID] = true
	}
	for _, out := range a.Outputs {
		if m := outputName.FindStringSubmatch(out.Value); out.Description == "" || m == nil || !ids[m[1]] {
			t.Errorf("%+v is no output", out)
		}
	}
	if names := slices.Sorted(maps.Keys(used)); len(names) != len(a.Inputs) {
		t.Errorf("of the inputs these are used: %v", names)
	}
}

// checkReferences checks that what the expressions of a step name is there: inputs, and steps before it.
func checkReferences(t *testing.T, a action, s step, ids, used map[string]bool) {
	t.Helper()
	texts := []string{s.If, s.WorkingDirectory}
	for _, v := range s.Env {
		texts = append(texts, v)
	}
	for _, v := range s.With {
		if text, ok := v.(string); ok {
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		for _, m := range inputName.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if _, ok := a.Inputs[m[1]]; !ok {
				t.Errorf("%s: there is no input %s", s.Name, m[1])
			}
		}
		for _, m := range outputName.FindAllStringSubmatch(text, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: there is no step %s before it", s.Name, m[1])
			}
		}
	}
}

// job is a job of GitHub that uses the action once.
type job struct {
	t       *testing.T
	dir     string            // the workspace
	temp    string            // of the runner
	values  map[string]string // that expressions may name
	env     []string
	path    string
	code    int               // of the first step that failed
	uploads map[string]string // directories of artifacts, by name
}

// use runs the action in a new workspace, with what a user writes below "with:".
func use(t *testing.T, inputs map[string]string) *job {
	t.Helper()
	a, source := readAction(t), absolute(t, root)
	j := &job{t: t, dir: t.TempDir(), temp: t.TempDir(), values: map[string]string{}, path: os.Getenv("PATH"), uploads: map[string]string{}}
	j.values["github.action_path"], j.values["runner.temp"] = source, j.temp
	for name, in := range a.Inputs {
		j.values["inputs."+name] = in.Default
	}
	for name, v := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			t.Fatalf("there is no input %s", name)
		}
		j.values["inputs."+name] = v
	}
	for _, s := range a.Runs.Steps {
		if j.wants(s.If) {
			j.step(s)
		}
	}
	return j
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// wants reports whether a step is run: its condition is a conjunction, and without always() no step before it may have failed.
func (j *job) wants(condition string) bool {
	condition = strings.TrimSuffix(strings.TrimPrefix(condition, "${{ "), " }}")
	ok := j.code == 0
	for term := range strings.SplitSeq(condition, " && ") {
		name, literal, compared := strings.Cut(term, " != ")
		switch {
		case term == "":
		case term == "always()":
			ok = true
		case compared:
			ok = ok && j.values[name] != strings.Trim(literal, "'")
		default:
			j.t.Fatalf("the condition %s", condition)
		}
	}
	return ok
}

// expand puts the values of expressions into a text.
func (j *job) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string { return j.values[expression.FindStringSubmatch(e)[1]] })
}

func (j *job) step(s step) {
	switch name, _, _ := strings.Cut(s.Uses, "@"); name {
	case "":
		j.run(s)
	case "actions/setup-go":
	case "actions/cache": // the programs of the image are built by the same command
		bin := j.expand(s.With["path"].(string))
		if err := os.Symlink(programs(j.t), bin); err != nil {
			j.t.Fatal(err)
		}
		j.values["steps."+s.ID+".outputs.cache-hit"] = "true"
	case "actions/upload-artifact":
		j.uploads[j.expand(s.With["name"].(string))] = j.expand(s.With["path"].(string))
	default:
		j.t.Fatalf("%s is not known", s.Uses)
	}
}

// run runs a script as GitHub does, with files for what it sets.
func (j *job) run(s step) {
	j.t.Helper()
	files := map[string]string{}
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH"} {
		files[name] = filepath.Join(j.t.TempDir(), name)
	}
	script := filepath.Join(j.t.TempDir(), "script.sh")
	if err := os.WriteFile(script, []byte(s.Run), 0o644); err != nil {
		j.t.Fatal(err)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	cmd.Dir = filepath.Join(j.dir, j.expand(s.WorkingDirectory))
	cmd.Env = append([]string{"HOME=" + os.Getenv("HOME"), "PATH=" + j.path, "GITHUB_STEP_SUMMARY=" + j.summary()}, j.env...)
	for name, file := range files {
		cmd.Env = append(cmd.Env, name+"="+file)
	}
	for name, v := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+j.expand(v))
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		j.code = cmd.ProcessState.ExitCode()
	}
	j.t.Logf("%s: exit code %d\n%s", s.Name, cmd.ProcessState.ExitCode(), out)
	for _, line := range linesOf(files["GITHUB_OUTPUT"]) {
		name, v, _ := strings.Cut(line, "=")
		j.values["steps."+s.ID+".outputs."+name] = v
	}
	j.env = append(j.env, linesOf(files["GITHUB_ENV"])...)
	for _, dir := range linesOf(files["GITHUB_PATH"]) {
		j.path = dir + ":" + j.path
	}
}

func (j *job) summary() string { return filepath.Join(j.temp, "summary.md") }

// linesOf are the lines of a file that may not be there.
func linesOf(file string) []string {
	b, _ := os.ReadFile(file)
	return strings.FieldsFunc(string(b), func(r rune) bool { return r == '\n' })
}

// verdict is the output of the action.
func (j *job) verdict(a action) string { return j.expand(a.Outputs["verdict"].Value) }

// expect checks how the job ended, and what its summary says.
func (j *job) expect(code int, verdict string, says ...string) {
	j.t.Helper()
	if got := j.verdict(readAction(j.t)); j.code != code || got != verdict {
		j.t.Errorf("exit code %d and verdict %q, want %d and %q", j.code, got, code, verdict)
	}
	summary := strings.Join(linesOf(j.summary()), "\n")
	for _, text := range says {
		if !strings.Contains(summary, text) {
			j.t.Errorf("the summary does not say %q:\n%s", text, summary)
		}
	}
}

// A campaign that finds nothing passes.
func TestActionPasses(t *testing.T) {
	j := use(t, map[string]string{"nemesis": "none", "time-limit": "2s", "test-count": "2", "workload": "bank", "system": "txnkv", "args": "--mode serializable\n--keep 1"})
	j.expect(0, "valid", `## VALID\: faultline`, "| 2 | 2 | 0 | 0 |")
}

// A violation fails the job, after its runs were uploaded; whoever downloads them has the run at hand. With a baseline in which as much
// was violated it passes, and with one in which nothing was it does not.
func TestActionTellsViolations(t *testing.T) {
	stale := map[string]string{"nemesis": "none", "time-limit": "2s", "test-count": "2", "seed": "7", "args": "--read stale --affinity roam"}
	j := use(t, stale)
	j.expect(1, "invalid", `## INVALID\: faultline`, "### Seed 8 is invalid", "stale read", "--seed 8 --test-count 1")
	artifact := j.uploads["faultline"]
	if err := os.CopyFS(filepath.Join(j.dir, "results/runs/faultline"), os.DirFS(artifact)); err != nil {
		t.Fatal(err)
	}
	replay := exec.Command(filepath.Join(programs(t), "faultline"), "replay", "faultline:8")
	replay.Dir = j.dir
	if out := ends(t, replay, 1); !strings.Contains(out, "stale read") { // it is invalid again
		t.Error(out)
	}

	stale["baseline"] = artifact
	use(t, stale).expect(0, "valid", "compared with ")
	better := use(t, map[string]string{"nemesis": "none", "time-limit": "2s", "test-count": "2", "seed": "7", "args": "--read stale --affinity stay --rate 1"})
	better.expect(0, "valid")
	stale["baseline"], stale["max-regression"] = better.uploads["faultline"], "0"
	use(t, stale).expect(1, "invalid", `## INVALID\: `, "compared with ")
}

// What the program does not take is an error, and what users write stays text.
func TestActionRefusesWhatItCannotRun(t *testing.T) {
	j := use(t, map[string]string{"args": "--rate $(touch${IFS}made) `touch made` * ; touch made", "nemesis": "none;touch made"})
	j.expect(254, "")
	if entries, err := os.ReadDir(j.dir); err != nil || len(entries) > 0 {
		t.Errorf("%v (%v)", entries, err)
	}
	use(t, map[string]string{"test-count": "1", "nemesis": "none", "time-limit": "1s", "baseline": "nowhere"}).expect(254, "")
}

// The workflow of the page gives inputs that there are, and the page tells of all of them.
func TestPageHasTheInputs(t *testing.T) {
	a, page := readAction(t), read(t, filepath.Join(root, "docs", "ci.md"))
	_, rest, _ := strings.Cut(page, "```yaml\n")
	text, _, _ := strings.Cut(rest, "```")
	var workflow struct {
		Jobs map[string]struct {
			Steps []step `json:"steps"`
		} `json:"jobs"`
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	uses := 0
	for _, j := range workflow.Jobs {
		for _, s := range j.Steps {
			if !strings.HasSuffix(s.Uses, "/faultline@v1") {
				continue
			}
			uses++
			for name := range s.With {
				if _, ok := a.Inputs[name]; !ok {
					t.Errorf("there is no input %s", name)
				}
			}
		}
	}
	if uses != 2 {
		t.Errorf("%d jobs use the action", uses)
	}
	for name := range a.Inputs {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("the page does not tell of %s", name)
		}
	}
}
