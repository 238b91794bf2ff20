package recorded

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A log of Cobra's that is cut off within its second transaction is refused, although its first one alone would be valid.
func TestADamagedLogIsRefusedAndNotShortened(t *testing.T) {
	var log []byte
	for _, r := range [][]uint64{{'S', 1}, {'W', 5, 77, 1}, {'C', 1}, {'S', 2}, {'W', 6, 77, 1}, {'C', 2}} {
		log = append(log, byte(r[0]))
		for _, n := range r[1:] {
			log = binary.BigEndian.AppendUint64(log, n)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "T0.log"), log[:len(log)-5], 0o666); err != nil {
		t.Fatal(err)
	}
	r, err := Check(context.Background(), dir, Options{})
	if err == nil || !strings.Contains(err.Error(), "the file ends within transaction 2: it was cut off") {
		t.Errorf("got %v, %v", r, err)
	}
}
