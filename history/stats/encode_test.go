package stats

import (
	"math/rand/v2"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// TestEncode: a histogram is encoded as by the library that decodes it, whatever was encoded before.
func TestEncode(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 100 {
		h := hdrhistogram.New(1, longestLatency, latencyDigits)
		for range 1 + r.IntN(1<<(i%12)) {
			_ = h.RecordValue(r.Int64N(1 << (1 + r.IntN(31)))) // none is out of range
		}
		want, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
		if err != nil {
			t.Fatal(err)
		}
		if got := encode(h); got != string(want) {
			t.Fatalf("it is\n%s, not\n%s", got, want)
		}
	}
}
