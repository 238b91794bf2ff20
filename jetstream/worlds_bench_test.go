package jetstream

import (
	"fmt"
	"os/exec"
	"testing"
	"time"
)

// What a campaign by way of the embedded server costs, with its two workers, as a share of what it costs on this machine without: in
// processor time of all processes, and in real time. Both are to stay below 1.05.
//
//	go test -run '^$' -bench Worlds -benchtime 1x
func BenchmarkWorlds(b *testing.B) {
	dir := programs(b)
	var processor, real [2]time.Duration
	for n := range b.N {
		for i, where := range [][]string{{}, {"--nats", "embedded"}} {
			args := append([]string{"run", "--workers", "2", "--test-count", "100", "--time-limit", "30s", "--name", fmt.Sprintf("%d-%d", n, i)}, where...)
			cmd := exec.Command(faultline(dir), args...)
			cmd.Dir = dir
			begin := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
			real[i] += time.Since(begin)
			processor[i] += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
	}
	b.ReportMetric(processor[1].Seconds()/processor[0].Seconds(), "processor/local")
	b.ReportMetric(real[1].Seconds()/real[0].Seconds(), "time/local")
	b.ReportMetric(0, "ns/op")
}
