//go:build !unix

package campaign

import "os"

// lockFile has no lock to take here; that two processes do not run one campaign is left to the caller.
func lockFile(*os.File) error { return nil }
