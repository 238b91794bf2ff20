package serve

import (
	"fmt"
	"io/fs"
	"path"
	"sync"

	"faultline/results/viewer"
)

// audit reads the histories of runs in the background, one after the other, and remembers which are damaged. To find out takes as long
// as to read them, too long for a list of many.
type audit struct {
	files fs.FS

	mu      sync.Mutex
	found   map[string]finding
	waiting []string
	queued  map[string]bool
	working bool
	stopped bool
}

// finding is what was found of a run that had these files then.
type finding struct {
	version string
	damage  string // empty if there is none
}

func newAudit(files fs.FS) *audit {
	return &audit{files: files, found: map[string]finding{}, queued: map[string]bool{}}
}

// ask returns what is known of a run, and has it looked at otherwise.
func (a *audit) ask(p string) (damage string, known bool) {
	version := versionOf(a.files, p)
	a.mu.Lock()
	defer a.mu.Unlock()
	if f, ok := a.found[p]; ok && f.version == version {
		return f.damage, true
	}
	if !a.queued[p] && !a.stopped {
		a.queued[p] = true
		a.waiting = append(a.waiting, p)
		if !a.working {
			a.working = true
			go a.work()
		}
	}
	return "", false
}

// work looks at runs until none waits.
func (a *audit) work() {
	for {
		a.mu.Lock()
		if len(a.waiting) == 0 || a.stopped {
			a.working = false
			a.mu.Unlock()
			return
		}
		p := a.waiting[0]
		a.waiting = a.waiting[1:]
		a.mu.Unlock()

		f := finding{version: versionOf(a.files, p), damage: a.look(p)}
		a.mu.Lock()
		a.found[p] = f
		delete(a.queued, p)
		a.mu.Unlock()
	}
}

func (a *audit) look(p string) string {
	sub, err := fs.Sub(a.files, p)
	if err == nil {
		_, err = viewer.ReadScene(sub)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// stop ends the work after the run that is looked at.
func (a *audit) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stopped = true
}

// versionOf changes when a file of a run does.
func versionOf(files fs.FS, p string) string {
	version := ""
	for _, name := range []string{"verdict.json", "history.jsonl", "track.json", "progress.json", "messages.jsonl"} {
		if info, err := fs.Stat(files, path.Join(p, name)); err == nil {
			version += fmt.Sprintf("%s %d %d;", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return version
}
