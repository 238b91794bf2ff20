package main

import (
	"os"
	"time"
)

func Example() {
	ms := time.Millisecond
	t := times{{2000 * ms, 1500 * ms}, {2200 * ms, 1650 * ms}, {1900 * ms, 1900 * ms}, {2100 * ms, 1470 * ms}}
	_ = t.report(os.Stdout, "59ba09f")
	// Output:
	// before   2.05 (1.90 to 2.20) s of processor time, at 59ba09f
	// now      1.57 (1.47 to 1.90) s
	// ratio    0.75 (0.70 to 1.00), of 4 pairs in turns on one core
}
