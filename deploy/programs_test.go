package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// root is the root of the repository, from which images are built.
const root = ".."

// programs is a directory with the programs of the image, made by the commands of the Containerfile.
func programs(t *testing.T) string {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var (
	built string // by TestMain's process; removed at its end
	build = sync.OnceValues(func() (string, error) {
		var err error
		if built, err = os.MkdirTemp("", "faultline-image-"); err != nil {
			return "", err
		}
		for _, command := range buildCommands() {
			cmd := exec.Command("sh", "-c", strings.ReplaceAll(command, "/out/", built+"/"))
			cmd.Dir = root
			cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
			cmd.Stderr = os.Stderr
			if err := cmd.Run(); err != nil {
				return "", err
			}
		}
		return built, nil
	})
)

var runsGo = regexp.MustCompile(`(?m)^RUN (go .*build .*)$`)

// buildCommands are the commands of the Containerfile that build programs.
func buildCommands() []string {
	b, err := os.ReadFile("Containerfile")
	if err != nil {
		return nil
	}
	var all []string
	for _, m := range runsGo.FindAllStringSubmatch(string(b), -1) {
		all = append(all, m[1])
	}
	return all
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// The image has both programs, next to each other, and they need no library of another one.
func TestProgramsOfTheImageAreStatic(t *testing.T) {
	if len(buildCommands()) != 2 {
		t.Fatalf("the Containerfile builds %d programs", len(buildCommands()))
	}
	for _, name := range []string{"faultline", "faultline-nats"} {
		out, _ := exec.Command("ldd", filepath.Join(programs(t), name)).CombinedOutput() // it fails for static programs
		if !strings.Contains(string(out), "not a dynamic executable") && !strings.Contains(string(out), "statically linked") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// The Go of the image is that of the module.
func TestImageHasTheGoOfTheModule(t *testing.T) {
	mod, file := read(t, filepath.Join(root, "go.mod")), read(t, "Containerfile")
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(mod)[1]
	if n := strings.Count(file, "FROM golang:"+version+"-"); n != 2 || strings.Count(file, "FROM golang:") != n {
		t.Errorf("the module wants Go %s", version)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
