package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"faultline/history"
	"faultline/results"
)

var columns = []string{"process", "f", "key", "input", "outcome", "output", "error", "node", "log_index", "invoke_ns", "return_ns", "latency_ns"}

// CSV writes a table of the operations, in order of invocation, under a line of the columns' names. Values are JSON, and
// empty where there is none. An operation that nothing completes has no return; one whose outcome is info returned when
// its client gave up.
func CSV(w io.Writer, r *results.Run) error {
	out := csv.NewWriter(w)
	_ = out.Write(columns) // Error tells
	for op, err := range r.History.Operations() {
		if err != nil {
			return err
		}
		_ = out.Write(row(op))
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func row(op *history.Operation) []string {
	cells := []string{strconv.Itoa(int(op.Process)), op.F, op.Key, valueText(op.Input), op.Outcome.String(), valueText(op.Output), op.Reason(), op.Node(),
		strconv.FormatUint(op.LogIndex, 10), strconv.FormatInt(int64(op.Invoke), 10), "", ""}
	if op.LogIndex == 0 {
		cells[8] = ""
	}
	if op.Returned >= 0 {
		cells[10] = strconv.FormatInt(int64(op.Return), 10)
		cells[11] = strconv.FormatInt(int64(op.Return-op.Invoke), 10)
	}
	return cells
}

// valueText is a value as JSON; empty for none.
func valueText(v history.Value) string {
	if v.Kind() == history.None {
		return ""
	}
	return v.String()
}
