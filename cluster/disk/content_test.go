package disk

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// TestAContentIsAsASliceOfBytes would be, whatever becomes of its copies, and of the memory of others.
func TestAContentIsAsASliceOfBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &pool{}
		contents, slices := []*content{{}}, [][]byte{nil}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			i := rapid.IntRange(0, len(contents)-1).Draw(t, "which")
			off := rapid.IntRange(0, 3*pageSize).Draw(t, "offset")
			switch rapid.SampledFrom([]string{"write", "truncate", "copy"}).Draw(t, "what") {
			case "write":
				b := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 1, 3).Draw(t, "bytes"), rapid.SampledFrom([]int{1, 2000}).Draw(t, "times"))
				contents[i].writeAt(b, int64(off), p)
				slices[i] = sized(slices[i], max(len(slices[i]), off+len(b)))
				copy(slices[i][off:], b)
			case "truncate":
				contents[i].truncate(int64(off), p)
				slices[i] = sized(slices[i], off)
			case "copy":
				next := contents[i].copy()
				contents, slices = append(contents, &next), append(slices, bytes.Clone(slices[i]))
			}
		}
		for i, c := range contents {
			got := make([]byte, len(slices[i])+1)
			if n := c.readAt(got, 0); n != len(slices[i]) || !bytes.Equal(got[:n], slices[i]) {
				t.Fatalf("content %d has %d bytes and is\n%v\nwant\n%v", i, n, got, slices[i])
			}
		}
	})
}

func sized(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n:n]
	}
	return append(bytes.Clone(b), make([]byte, n-len(b))...)
}
