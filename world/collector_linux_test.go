package world

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// The files in a world's directory by which a test has its process collect often, and by which it learns how often that was, from the finalizers
// of garbage.
const (
	oftenFile       = "often"
	collectionsFile = "collections"
)

// collectOften does what the file says, in the process of a world.
func collectOften() {
	if _, err := os.Stat(oftenFile); err == nil {
		pace.bytes, pace.share = 1<<20, 0
		noteCollections(0)
	}
}

// noteCollections leaves garbage whose finalizer leaves garbage again.
func noteCollections(before int) {
	garbage := new([64]byte)
	runtime.SetFinalizer(garbage, func(*[64]byte) {
		if err := os.WriteFile(collectionsFile, []byte(strconv.Itoa(before+1)), 0o600); err != nil {
			panic(err)
		}
		noteCollections(before + 1)
	})
}

// A world that is collected many times is the same world in every process, whatever start-up did.
func TestCollectionsMakeNoDifference(t *testing.T) {
	in := shortInput(7)
	first, collections := "", ""
	for n := range 4 {
		dir := t.TempDir()
		r := runIn(t, dir, in, map[string]string{oftenFile: "", disturbance: fmt.Sprint(7 * n)})
		b, err := os.ReadFile(filepath.Join(dir, collectionsFile))
		if err != nil {
			t.Fatalf("it was not collected: %v", err)
		}
		if first == "" {
			first, collections = fingerprint(r), string(b)
		}
		if got := fingerprint(r); got != first || string(b) != collections {
			t.Errorf("after disturbance %d it is %s after %s collections, and not %s after %s", 7*n, got, b, first, collections)
		}
	}
	if n, err := strconv.Atoi(collections); err != nil || n < 5 {
		t.Errorf("it was collected %s times; it should be often", collections)
	}
}
