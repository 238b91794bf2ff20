package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"faultline/results/viewer"
)

// exportHTML writes the viewer with the run in it.
func exportHTML(w io.Writer, dir string) error {
	if err := viewer.WritePage(w, os.DirFS(dir), "Faultline: "+filepath.Base(filepath.Clean(dir))); err != nil {
		return fmt.Errorf("the run cannot be read: %w", err)
	}
	return nil
}
