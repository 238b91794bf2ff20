//go:build !unix

package build

import (
	"context"
	"errors"
	"io"
)

// lock has no lock to take here.
func lock(context.Context, string, io.Writer) (unlock func(), err error) {
	return nil, errors.New("systems are built on Linux only")
}
