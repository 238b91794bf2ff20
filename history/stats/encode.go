package stats

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"math"
	"sync"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// encode is a histogram in HdrHistogram's V2 encoding, compressed, as base64: the same as its own Encode, which makes a new compressor of a
// megabyte for some hundred bytes.
func encode(h *hdrhistogram.Histogram) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(hdrhistogram.V2CompressedEncodingCookieBase|wordSize))
	inside := compressed(uncompressed(h.Export()))
	b = binary.BigEndian.AppendUint32(b, uint32(len(inside)))
	return base64.StdEncoding.EncodeToString(append(b, inside...))
}

// wordSize is the part of a cookie that says that counts are numbers of any length.
const wordSize = 0x10

func uncompressed(h *hdrhistogram.Snapshot) []byte {
	counts := encodeCounts(h.Counts)
	b := binary.BigEndian.AppendUint32(nil, uint32(hdrhistogram.V2EncodingCookieBase|wordSize))
	b = binary.BigEndian.AppendUint32(b, uint32(len(counts)))
	b = binary.BigEndian.AppendUint32(b, 0) // the offset of the first count
	b = binary.BigEndian.AppendUint32(b, uint32(h.SignificantFigures))
	b = binary.BigEndian.AppendUint64(b, uint64(h.LowestTrackableValue))
	b = binary.BigEndian.AppendUint64(b, uint64(h.HighestTrackableValue))
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(cmp.Or(h.IntegerToDoubleConversionRatio, 1)))
	return append(b, counts...)
}

// encodeCounts writes the counts up to the last that is not zero, and for several zeros in a row minus their number.
func encodeCounts(counts []int64) []byte {
	var b []byte
	zeros := int64(0)
	for _, n := range counts {
		if n == 0 {
			zeros++
			continue
		}
		switch {
		case zeros > 1:
			b = binary.AppendVarint(b, -zeros)
		case zeros == 1:
			b = binary.AppendVarint(b, 0)
		}
		zeros = 0
		b = binary.AppendVarint(b, n)
	}
	return b
}

// compressors are those that nobody uses.
var compressors = sync.Pool{New: func() any {
	w, _ := zlib.NewWriterLevel(nil, zlib.BestCompression) // there is such a level
	return w
}}

func compressed(b []byte) []byte {
	w := compressors.Get().(*zlib.Writer)
	defer compressors.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(b) // writing to memory never fails
	_ = w.Close()
	return out.Bytes()
}
