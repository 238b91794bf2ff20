package campaign

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"faultline/results"
)

// Find returns the name of a campaign below root. The name may be a path to it, or latest.
func Find(root, name string) (string, error) {
	base := filepath.Base(name)
	resolved, err := filepath.EvalSymlinks(filepath.Join(root, base))
	if err != nil || !filepath.IsLocal(base) || base == "." {
		return "", fmt.Errorf("there is no campaign %s in %s%s", base, root, have(root))
	}
	return filepath.Base(resolved), nil
}

// have lists a few of the campaigns there are.
func have(root string) string {
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) == 0 {
		return ""
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && results.Holds(filepath.Join(root, e.Name())) == "campaign" {
			names = append(names, e.Name())
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) > 5:
		names = append(names[:5], "…")
	}
	return "; there are " + strings.Join(names, ", ")
}
