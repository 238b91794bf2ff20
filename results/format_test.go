package results

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"faultline/internal/wording"
)

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0ns", 999: "999ns", 1500: "1.5µs", 12_340_000: "12.3ms", 123_400_000: "123ms",
		time.Second: "1s", 61 * time.Second: "61s", 20 * time.Minute: "20m0s", -1500: "-1.5µs", 10 * time.Millisecond: "10ms",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	for text, want := range map[string]string{"partition": "partition", "a\x00\x1b[b": "a\ufffd\ufffd[b", "0123456789abcdef": "0123456789abcd…"} {
		if got := wording.Line(text, 14); got != want {
			t.Errorf("wording.Line(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSettingsKeepTheirOrder(t *testing.T) {
	for spec, want := range map[string][]Setting{
		`{"z":"text","a":[1, 2],"m":{"x":1}}`: {{"z", "text"}, {"a", "[1, 2]"}, {"m.x", "1"}},
		`[1]`:                                 {{"spec", "[1]"}},
		`{}`:                                  nil,
	} {
		if got := Settings(json.RawMessage(spec)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", spec, got, want)
		}
	}
}
