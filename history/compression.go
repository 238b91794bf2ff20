package history

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// zstdWindow is the largest window that zstd --long makes without being told a size.
const zstdWindow = 128 << 20

// decompress looks whether r is compressed, and returns what is inside.
func decompress(r io.Reader) (*bufio.Reader, error) {
	const size = 1 << 16
	in := bufio.NewReaderSize(r, size)
	magic, _ := in.Peek(len(zstdMagic))
	switch {
	case bytes.HasPrefix(magic, gzipMagic):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("line 1: decompress gzip: %w", err)
		}
		return bufio.NewReaderSize(&decompressor{z, "gzip"}, size), nil
	case bytes.HasPrefix(magic, zstdMagic):
		// One decoder at a time starts no goroutine, which a caller would have to stop.
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, fmt.Errorf("line 1: decompress zstd: %w", err)
		}
		return bufio.NewReaderSize(&decompressor{z, "zstd"}, size), nil
	default:
		return in, nil
	}
}

// decompressor says in its errors that the compression is at fault, and not what is compressed.
type decompressor struct {
	r    io.Reader
	kind string
}

func (d *decompressor) Read(b []byte) (int, error) {
	n, err := d.r.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("decompress %s: %w", d.kind, err)
	}
	return n, err
}
