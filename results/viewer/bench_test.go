package viewer_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"faultline/history"
	"faultline/results/viewer"
)

// BenchmarkAgainstPorcupine writes our page and porcupine's of the same history, which has one read that is too old. Ours is made of a
// stored run, from its files.
func BenchmarkAgainstPorcupine(b *testing.B) {
	for _, operations := range []int{1_000, 3_000, 10_000} {
		s := sample{operations: operations, processes: 10, keys: 1, length: time.Minute, stale: 1, late: true, busy: 1.9}
		dir := s.write(b, b.TempDir())
		h := s.history()
		b.Run(fmt.Sprintf("ours/%d", operations), func(b *testing.B) {
			for b.Loop() {
				var page bytes.Buffer
				if err := viewer.WritePage(&page, os.DirFS(dir), "x"); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(page.Len()), "bytes")
			}
		})
		b.Run(fmt.Sprintf("porcupine/%d", operations), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(porcupinePage(b, h)), "bytes")
			}
		})
	}
}

// porcupinePage checks and draws a history on one register as porcupine's users do, and returns the size of the page.
func porcupinePage(b *testing.B, h *history.History) int {
	type call struct {
		write bool
		value history.Value
	}
	ops, err := history.Operations(h.Events)
	if err != nil {
		b.Fatal(err)
	}
	var calls []porcupine.Operation
	for _, op := range ops {
		if op.Outcome != history.OK {
			continue // what is pending takes it exponential time
		}
		c := call{op.F == "write", op.Output}
		calls = append(calls, porcupine.Operation{ClientId: int(op.Process), Input: c, Output: op.Output, Call: int64(op.Invoke), Return: int64(op.Return)})
	}
	model := porcupine.Model{
		Init: func() any { return history.NilValue() },
		Step: func(state, input, _ any) (bool, any) {
			c := input.(call)
			return c.write || c.value.Equal(state.(history.Value)), map[bool]any{true: c.value, false: state}[c.write]
		},
		Equal:             func(a, b any) bool { return a.(history.Value).Equal(b.(history.Value)) },
		DescribeOperation: func(input, _ any) string { return input.(call).value.String() },
		DescribeState:     func(state any) string { return state.(history.Value).String() },
	}
	_, info := porcupine.CheckOperationsVerbose(model, calls, 10*time.Second)
	var page bytes.Buffer
	if err := porcupine.Visualize(model, info, &page); err != nil {
		b.Fatal(err)
	}
	return page.Len()
}

// BenchmarkScene reads a run of a million operations and encodes it, as a server does.
func BenchmarkScene(b *testing.B) {
	dir := sample{operations: 1_000_000, processes: 20, keys: 100, length: time.Hour}.write(b, b.TempDir())
	for b.Loop() {
		scene, err := viewer.ReadScene(os.DirFS(dir))
		if err != nil {
			b.Fatal(err)
		}
		n, err := scene.WriteTo(io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
}
