//go:build !unix

package world

import (
	"errors"
	"os"
)

// lockDir has no lock to take here, and nothing is swept up.
func lockDir(dir string) (*os.File, error) { return nil, errors.ErrUnsupported }
