package results

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// hint adds to an error of the file system what would help.
func hint(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: make room, or choose a directory on another disk", err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: choose a directory that you may write to", err)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%w: a file is where a directory should be; move it away, or choose another directory", err)
	default:
		return err
	}
}
