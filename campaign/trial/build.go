package trial

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"io"
	"os"
	"sync"
)

// Build identifies this program, by what the go command or its file says of it. A replay is exact only with the build that made the run, as the
// compiler's choices are among what decides the order of goroutines.
var Build = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	f, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	content := io.Reader(f)
	if id := linked(f); id != nil {
		content = bytes.NewReader(id) // which says as much, and a campaign of few runs is over before the program is read
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
})

// linked is the build ID that the go command has given a program, whose last part is a hash of all that is in the file; nil if there is none.
func linked(f *os.File) []byte {
	program, err := elf.NewFile(f)
	if err != nil {
		return nil
	}
	note := program.Section(".note.go.buildid")
	if note == nil {
		return nil
	}
	id, err := note.Data()
	if err != nil || bytes.Count(id, []byte("/")) < 3 {
		return nil
	}
	return id
}
