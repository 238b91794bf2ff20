package campaign

import (
	"fmt"
	"os"
	"path/filepath"
)

// Find returns the name of a campaign below root. The name may be a path to it, or latest.
func Find(root, name string) (string, error) {
	path := filepath.Join(root, filepath.Base(name))
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fmt.Errorf("there is no campaign %s in %s%s", filepath.Base(name), root, have(root))
	}
	return filepath.Base(resolved), nil
}

// have lists a few of the campaigns there are.
func have(root string) string {
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) == 0 {
		return ""
	}
	text := "; there are"
	for i, e := range entries {
		if i == 5 {
			return text + " …"
		}
		text += " " + e.Name()
	}
	return text
}
