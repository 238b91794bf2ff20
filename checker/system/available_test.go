package system

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// An outage is a time without an acknowledgement. It counts if it begins before the faults are healed, and lasts until
// the next acknowledgement.
func TestAvailable(t *testing.T) {
	const s = time.Second
	ok := func(at ...time.Duration) (ops []history.Operation) {
		for _, t := range at {
			ops = append(ops, history.Operation{Outcome: history.OK, Return: t})
		}
		return ops
	}
	info := history.Operation{Outcome: history.Info, Return: 5 * s}
	tests := []struct {
		name     string
		ops      []history.Operation
		from, to time.Duration
		want     checker.Validity
	}{
		{"nobody was ever served", nil, 0, 10 * s, checker.Invalid},
		{"steadily", ok(2*s, 4*s, 6*s, 8*s, 10*s), 0, 2 * s, checker.Valid},
		{"exactly as long as is allowed", ok(3*s, 6*s, 9*s), 0, 3 * s, checker.Valid},
		{"in the middle", ok(1*s, 2*s, 7*s, 9*s), 2 * s, 7 * s, checker.Invalid},
		{"nobody knows what came of an operation", append(ok(1*s, 2*s, 7*s, 9*s), info), 2 * s, 7 * s, checker.Invalid},
		{"in another order", ok(9*s, 1*s, 7*s, 2*s), 2 * s, 7 * s, checker.Invalid},
		{"until the final reads", ok(2*s, 4*s, 6*s, 8*s, 14*s), 8 * s, 14 * s, checker.Invalid},
		{"after the faults", ok(2*s, 4*s, 6*s, 8*s, 10*s, 20*s), 0, 2 * s, checker.Valid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := checker.Input{Operations: tt.ops, TimeLimit: 10 * s}
			if p := Available(3*s).Check(context.Background(), in, checker.Options{}); p.Validity != tt.want ||
				tt.want == checker.Invalid && !strings.Contains(p.Reason, fmt.Sprintf("from %.3fs to %.3fs", tt.from.Seconds(), tt.to.Seconds())) {
				t.Errorf("%v: %s", p.Validity, p.Reason)
			}
		})
	}
}
