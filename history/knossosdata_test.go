package history

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every file below the directories that FAULTLINE_HISTORIES lists is a history. Where somebody has them, these are
// the directories data of Knossos, as it is today and as it was in 2014, and huge-scc.edn of Elle.
func TestHistoriesOfKnossos(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("FAULTLINE_HISTORIES"))
	if len(dirs) == 0 {
		t.Skip("FAULTLINE_HISTORIES names no directories")
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if ext := filepath.Ext(path); err == nil && (ext == ".edn" || ext == ".json") {
				t.Run(path, func(t *testing.T) { readInSomeOrder(t, path) })
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// readInSomeOrder streams a file; if its lines are not in order it does so again and sorts.
func readInSomeOrder(t *testing.T, path string) {
	order := OrderGuessed
	for {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s, err := Open(f, filepath.Base(path), WithOrder(order))
		if err != nil {
			t.Fatal(err)
		}
		stream, n := NewStream(s), 0
		for ; err == nil; n++ {
			_, _, err = stream.Next()
		}
		var disorder *OrderError
		if order == OrderGuessed && errors.As(err, &disorder) {
			order = disorder.Again
			continue
		}
		if err != io.EOF {
			t.Fatal(err)
		}
		t.Logf("%v, %d events, order %v; %s", s.Format(), n-1, order, strings.Join(s.Warnings(), "; "))
		return
	}
}
