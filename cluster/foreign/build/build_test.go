package build

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"faultline/cluster/foreign/description"
	"faultline/overlay"
)

// files writes files below a new directory.
func files(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// builder builds from a source of Faultline that only says that it is one, with an overlay that changes nothing.
func builder(t *testing.T) *Builder {
	t.Helper()
	if compiled, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		t.Setenv("GOCACHE", strings.TrimSpace(string(compiled))) // which stays what it is
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // where Find looks
	cache, err := cacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := files(t, map[string]string{
		"go.mod":               "module faultline\n\ngo 1.26\n",
		"main.go":              "package faultline\n\nfunc Main() { println(\"a world\") }\n",
		"clients/go.mod":       "module faultline/clients\n\ngo 1.26\n",
		"clients/http/http.go": "package http\n",
		"nothing.json":         `{"Replace": {}}`,
	})
	return &Builder{cache: cache, source: source{dir: dir}, progress: &bytes.Buffer{},
		overlay: func(context.Context, string, overlay.Go) (string, error) {
			return filepath.Join(dir, "nothing.json"), nil
		}}
}

func storeIn(t *testing.T, says string) string {
	t.Helper()
	return files(t, map[string]string{"go.mod": "module example.com/store\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() { println(" + says + ") }\n"})
}

func planOf(path string) Plan {
	return Plan{Name: "mystore", Store: description.Build{Path: path}, Client: "faultline/clients/http"}
}

// Programs are kept by what is in them: who builds again has the same, and a changed store does not touch those that run.
func TestBuild(t *testing.T) {
	b := builder(t)
	path := storeIn(t, `"one"`)
	first, err := b.Build(t.Context(), planOf(path))
	if err != nil {
		t.Fatal(err)
	}
	if first.Digest == "" || first.Go == "" || first.Overlay == "" || first.Version != "" {
		t.Errorf("%+v", first)
	}
	if again, err := b.Build(t.Context(), planOf(path)); err != nil || again.Digest != first.Digest {
		t.Errorf("built again it is %+v, %v", again, err)
	}
	if err := os.WriteFile(filepath.Join(path, "main.go"), []byte("package main\n\nfunc main() { println(\"two\") }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	second, err := b.Build(t.Context(), planOf(path))
	if err != nil {
		t.Fatal(err)
	}
	for record, says := range map[string]string{first.Digest: "one\n", second.Digest: "two\n"} {
		dir, err := Find(Record{Digest: record})
		if err != nil {
			t.Fatal(err)
		}
		for program, says := range map[string]string{Store: says, World: "a world\n"} {
			if out, err := exec.Command(filepath.Join(dir, program)).CombinedOutput(); err != nil || string(out) != says {
				t.Errorf("%s says %q, %v", program, out, err)
			}
		}
	}
	if got := strings.Join(second.Differs(first), "; "); got != "the source of what was built was another" {
		t.Errorf("it differs in this: %s", got)
	}
	if _, err := Find(Record{Digest: "0123456789abcdef"}); err == nil || !strings.Contains(err.Error(), "were not built here, or removed since") {
		t.Errorf("%v", err)
	}
}

// What the go command complains of is shown as it says it.
func TestABuildThatFails(t *testing.T) {
	b := builder(t)
	_, err := b.Build(t.Context(), planOf(storeIn(t, "nothing")))
	if err == nil || !strings.HasPrefix(err.Error(), "build mystore: go build says\n# example.com/store\n./main.go:3:23: undefined: nothing") {
		t.Errorf("%v", err)
	}
	_, err = b.Build(t.Context(), planOf("/nowhere/at/all"))
	if err == nil || err.Error() != "build mystore: build.path: there is no directory /nowhere/at/all" {
		t.Errorf("%v", err)
	}
	plan := planOf(storeIn(t, `"one"`))
	plan.Store.Go = "1.99"
	if _, err = b.Build(t.Context(), plan); err == nil || !strings.HasPrefix(err.Error(), "mystore needs Go 1.99, and the go command here is go1.") {
		t.Errorf("%v", err)
	}
	plan = planOf(storeIn(t, `"one"`))
	plan.Own, plan.Client = true, storeIn(t, `"no package"`)
	if _, err = b.Build(t.Context(), plan); err == nil || !strings.Contains(err.Error(), "is a program, not an importable package") {
		t.Errorf("%v", err)
	}
}

// A client of one's own is linked into the program of the world, from its own module.
func TestAClientOfOnesOwn(t *testing.T) {
	b := builder(t)
	plan := planOf(storeIn(t, `"one"`))
	plan.Own = true
	plan.Client = filepath.Join(files(t, map[string]string{"go.mod": "module example.com/mine\n\ngo 1.26\n",
		"client/client.go": "package client\n\nfunc init() { println(\"my client\") }\n"}), "client")
	r, err := b.Build(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := Find(r)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(filepath.Join(dir, World)).CombinedOutput(); err != nil || string(out) != "my client\na world\n" {
		t.Errorf("%q, %v", out, err)
	}
}

// A program that was built before is taken if it was built with the overlay.
func TestABinary(t *testing.T) {
	b := builder(t)
	r, err := b.Build(t.Context(), planOf(storeIn(t, `"one"`)))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := Find(r)
	if err != nil {
		t.Fatal(err)
	}
	plan := planOf("")
	plan.Store.Binary = filepath.Join(dir, Store)
	if again, err := b.Build(t.Context(), plan); err != nil || again.Digest != r.Digest {
		t.Errorf("%+v, %v", again, err)
	}
	older := filepath.Join(t.TempDir(), "store")
	cmd := exec.Command("go", "build", "-tags="+overlay.Tag+","+overlay.Tag+"_0123456789ab", "-o", older)
	cmd.Dir = storeIn(t, `"one"`)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for file, want := range map[string]string{
		"/proc/self/exe": "was built without the overlay of the standard library, so it would live in real time; give its package or its path, and it is built here",
		"/nowhere":       "is no program that the go command has built",
		older:            "was built with the overlay of another version of Faultline: build it again with this one",
	} {
		plan.Store.Binary = file
		if _, err := b.Build(t.Context(), plan); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestWhatDiffers(t *testing.T) {
	then := Record{Digest: "a", Go: "go1.26.0", Overlay: "1", Modules: []string{"example.com/a v1.0.0", "example.com/b v1.0.0"}}
	now := Record{Digest: "b", Go: "go1.26.1", Overlay: "1", Modules: []string{"example.com/a v1.0.0", "example.com/b v1.2.0"}}
	want := "Go was go1.26.0, and is go1.26.1; example.com/b was v1.0.0, and is v1.2.0"
	if got := strings.Join(now.Differs(then), "; "); got != want {
		t.Errorf("%s", got)
	}
	if got := now.Differs(now); got != nil {
		t.Errorf("nothing differs from itself: %q", got)
	}
}

// A program that is built once more has the tags that it was built with: they may decide which systems it knows.
func TestTags(t *testing.T) {
	info := &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "-compiler", Value: "gc"}, {Key: "-tags", Value: "one,two"}}}
	if tags := tagsOf(info); !slices.Equal(tags, []string{"one", "two"}) {
		t.Errorf("%q", tags)
	}
	if tags := tagsOf(&debug.BuildInfo{}); tags != nil {
		t.Errorf("%q", tags)
	}
}

func TestTheSource(t *testing.T) {
	t.Setenv(sourceVariable, t.TempDir())
	if _, err := findSource(); err == nil || !strings.Contains(err.Error(), "there is no go.mod of the module faultline") {
		t.Errorf("%v", err)
	}
	t.Setenv(sourceVariable, filepath.Join("..", "..", ".."))
	if s, err := findSource(); err != nil || !isSource(s.dir) || !filepath.IsAbs(s.dir) {
		t.Errorf("%+v, %v", s, err)
	}
}
