package stats

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latency is how long operations took: a summary, made of an HDR histogram, so that the
// latencies of many runs can be added up. Quantiles are off by one percent or a microsecond at most;
// the maximum is exact. The zero value has no operations.
type Latency struct {
	Count int           `json:"count"`
	P50   time.Duration `json:"p50_ns"`
	P90   time.Duration `json:"p90_ns"`
	P99   time.Duration `json:"p99_ns"`
	P999  time.Duration `json:"p99.9_ns"`
	Max   time.Duration `json:"max_ns"`

	histogram *hdrhistogram.Histogram // nil if there are no operations, or it is packed
	// packed is the histogram encoded, which takes some hundred bytes and not some ten thousand: there may be thousands of runs.
	packed string
}

// The histogram counts microseconds up to an hour; what takes longer counts as an hour. With two
// digits an encoded histogram takes some hundred bytes.
const (
	latencyUnit    = time.Microsecond
	longestLatency = int64(time.Hour / latencyUnit)
	latencyDigits  = 2
)

// Record adds an operation. The caller must call Summarize afterwards.
func (l *Latency) Record(d time.Duration) {
	if l.histogram = l.unpacked(); l.histogram == nil {
		l.histogram = hdrhistogram.New(1, longestLatency, latencyDigits)
	}
	l.packed = ""
	units := int64((d + latencyUnit/2) / latencyUnit)
	if err := l.histogram.RecordValue(min(max(units, 0), longestLatency)); err != nil {
		panic(err) // the value was brought into range
	}
	l.Max = max(l.Max, d)
}

// Add makes l the latency of the operations of both.
func (l *Latency) Add(m Latency) {
	more := m.unpacked()
	if more == nil {
		return
	}
	sum := l.unpacked()
	if sum == nil {
		sum = hdrhistogram.New(1, longestLatency, latencyDigits)
	}
	sum.Merge(more)
	*l = Latency{histogram: sum, Max: max(l.Max, m.Max)}
	l.Summarize()
}

// unpacked is the histogram; nil if there are no operations.
func (l *Latency) unpacked() *hdrhistogram.Histogram {
	if l.packed == "" {
		return l.histogram
	}
	h, err := hdrhistogram.Decode([]byte(l.packed))
	if err != nil {
		panic(err) // what is packed was encoded here, or decoded once
	}
	return h
}

// Pack makes the latency small in memory. It stays what it is; adding to it takes longer.
func (l *Latency) Pack() {
	l.histogram, l.packed = nil, l.encoded()
}

// encoded is the histogram in the encoding that HdrHistogram's tools read (V2, compressed, base64); empty if there are no
// operations.
func (l *Latency) encoded() string {
	if l.packed != "" || l.histogram == nil {
		return l.packed
	}
	return encode(l.histogram)
}

// Summarize computes the summary from what was recorded.
func (l *Latency) Summarize() {
	h := l.unpacked()
	if h == nil {
		return
	}
	l.Count = int(h.TotalCount())
	l.P50, l.P90, l.P99, l.P999 = l.quantile(h, 50), l.quantile(h, 90), l.quantile(h, 99), l.quantile(h, 99.9)
}

// summary is a Latency without its methods.
type summary Latency

// storedLatency is a Latency in JSON, with the histogram encoded.
type storedLatency struct {
	summary
	Histogram string `json:"histogram,omitempty"`
}

// Quantile is the latency that this percentage of the operations did not exceed; 0 if there are none.
func (l *Latency) Quantile(percent float64) time.Duration {
	if h := l.unpacked(); h != nil {
		return l.quantile(h, percent)
	}
	return 0
}

func (l *Latency) quantile(h *hdrhistogram.Histogram, percent float64) time.Duration {
	return min(time.Duration(h.ValueAtPercentile(percent))*latencyUnit, l.Max)
}

// MarshalJSON writes the summary and the histogram.
func (l Latency) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedLatency{summary: summary(l), Histogram: l.encoded()})
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (l *Latency) UnmarshalJSON(b []byte) error {
	var stored storedLatency
	if err := json.Unmarshal(b, &stored); err != nil {
		return err
	}
	*l = Latency(stored.summary)
	if stored.Histogram == "" {
		return nil
	}
	if _, err := hdrhistogram.Decode([]byte(stored.Histogram)); err != nil {
		return fmt.Errorf("decode latency histogram: %w", err)
	}
	l.packed = stored.Histogram
	return nil
}
