package checker

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latency is how long operations took: a summary, and behind it an HDR histogram, so that the
// latencies of many runs can be added up. Quantiles are off by one percent or a microsecond at most;
// the maximum is exact. The zero value has no operations.
type Latency struct {
	Count int           `json:"count"`
	P50   time.Duration `json:"p50_ns"`
	P90   time.Duration `json:"p90_ns"`
	P99   time.Duration `json:"p99_ns"`
	P999  time.Duration `json:"p99.9_ns"`
	Max   time.Duration `json:"max_ns"`

	histogram *hdrhistogram.Histogram // nil if there are no operations
}

// The histogram counts microseconds up to an hour; what takes longer counts as an hour. With two
// digits an encoded histogram takes some hundred bytes.
const (
	latencyUnit    = time.Microsecond
	longestLatency = int64(time.Hour / latencyUnit)
	latencyDigits  = 2
)

// Record adds an operation. The caller owes it a call of Summarize.
func (l *Latency) Record(d time.Duration) {
	if l.histogram == nil {
		l.histogram = hdrhistogram.New(1, longestLatency, latencyDigits)
	}
	units := int64((d + latencyUnit/2) / latencyUnit)
	if err := l.histogram.RecordValue(min(max(units, 0), longestLatency)); err != nil {
		panic(err) // the value was brought into range
	}
	l.Max = max(l.Max, d)
}

// Add makes l the latency of the operations of both.
func (l *Latency) Add(m Latency) {
	if m.histogram == nil {
		return
	}
	if l.histogram == nil {
		*l = Latency{histogram: hdrhistogram.New(1, longestLatency, latencyDigits)}
	}
	l.histogram.Merge(m.histogram)
	l.Max = max(l.Max, m.Max)
	l.Summarize()
}

// Summarize computes the summary from what was recorded.
func (l *Latency) Summarize() {
	if l.histogram == nil {
		return
	}
	l.Count = int(l.histogram.TotalCount())
	l.P50, l.P90, l.P99, l.P999 = l.Quantile(50), l.Quantile(90), l.Quantile(99), l.Quantile(99.9)
}

// summary is a Latency without its methods.
type summary Latency

// storedLatency is a Latency in JSON, with the histogram in the encoding that HdrHistogram's tools
// read (V2, compressed, base64).
type storedLatency struct {
	summary
	Histogram string `json:"histogram,omitempty"`
}

// Quantile is what so many percent of the operations did not exceed; 0 if there are none.
func (l *Latency) Quantile(percent float64) time.Duration {
	if l.histogram == nil {
		return 0
	}
	return min(time.Duration(l.histogram.ValueAtPercentile(percent))*latencyUnit, l.Max)
}

// MarshalJSON writes the summary and the histogram.
func (l Latency) MarshalJSON() ([]byte, error) {
	stored := storedLatency{summary: summary(l)}
	if l.histogram != nil {
		b, err := l.histogram.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
		if err != nil {
			return nil, fmt.Errorf("encode latency histogram: %w", err)
		}
		stored.Histogram = string(b)
	}
	return json.Marshal(stored)
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
	h, err := hdrhistogram.Decode([]byte(stored.Histogram))
	if err != nil {
		return fmt.Errorf("decode latency histogram: %w", err)
	}
	l.histogram = h
	return nil
}
