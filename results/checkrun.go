package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckRun returns nil for the directory of a run, be it damaged or not. Otherwise the error says what the path leads to.
func CheckRun(dir string) error {
	_, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no stored run at %s", dir)
	case err != nil:
		return fmt.Errorf("stored run: %w", err)
	case has(dir, "verdict.json", "history.jsonl", "spec.json"):
		return nil
	case Holds(dir) == "campaign":
		return fmt.Errorf("%s is a campaign; its runs are the directories in it, such as %s", dir, filepath.Join(dir, latest))
	case Holds(dir) == "comparison":
		return fmt.Errorf("%s is a comparison; its runs, those that refuted something, are the directories in it", dir)
	default:
		return fmt.Errorf("%s holds no run; name one by its directory, or by campaign and seed as in latest:1", dir)
	}
}

// Holds says what is kept in a directory as a whole: a "campaign", a "comparison", or, as far as is known here, nothing: "".
func Holds(dir string) string {
	switch {
	case has(dir, "campaign.json"):
		return "campaign"
	case has(dir, ComparisonFile):
		return "comparison"
	default:
		return ""
	}
}

// has reports whether one of the files is in a directory.
func has(dir string, names ...string) bool {
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}
