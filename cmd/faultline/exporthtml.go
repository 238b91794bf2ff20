package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"faultline/results/viewer"
)

// htmlExport is the viewer with the run in it, in one file.
var htmlExport = exportFormat{
	flag:  "html",
	usage: "one page with everything in it, which needs neither a server nor a network",
	write: exportHTML,
}

func exportHTML(w io.Writer, dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no such directory")
	}
	if err := viewer.WritePage(w, os.DirFS(dir), "Faultline: "+filepath.Base(filepath.Clean(dir))); err != nil {
		return fmt.Errorf("the run cannot be read: %w", err)
	}
	return nil
}
