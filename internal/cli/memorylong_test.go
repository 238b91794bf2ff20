//go:build long && linux

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The resident memory of check stays within --memory and 128 MiB, where a search has more to remember than that:
//
//	go test -tags long -run CheckKeepsItsMemory -timeout 20m -v ./internal/cli
func TestCheckKeepsItsMemory(t *testing.T) {
	program := filepath.Join(t.TempDir(), "faultline")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/faultline").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const constant = 128 << 20
	for _, c := range []struct {
		name, model string
		events      string
	}{
		{"deep stack", "stack", container("push", "pop", 20_000, func(i int) int { return 19_999 - i })},
		{"deep queue", "fifo-queue", container("enqueue", "dequeue", 20_000, func(i int) int { return i })},
		{"texts", "kv", repeatedTexts(6_000)},
		{"sums", "counter", sums(25)},
		{"pending writes", "register", pendingWrites(60, 3_000)},
	} {
		for _, memory := range []int{32, 128} {
			t.Run(fmt.Sprint(c.name, memory), func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "history.edn")
				if err := os.WriteFile(file, []byte(c.events), 0o600); err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(program, "check", "--model", c.model, "--memory", fmt.Sprint(memory), "--check-timeout", "20s", file)
				out, err := cmd.CombinedOutput()
				if cmd.ProcessState == nil {
					t.Fatal(err)
				}
				verdict, _, _ := strings.Cut(strings.TrimPrefix(string(out), file+": "), "\n")
				most := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
				t.Logf("%d MiB resident: %s", most>>20, verdict)
				if bound := int64(memory)<<20 + constant; most > bound {
					t.Errorf("more than %d MiB", bound>>20)
				}
				if code := cmd.ProcessState.ExitCode(); code != 0 && code != 2 {
					t.Errorf("exit code %d: %s", code, out)
				}
			})
		}
	}
}

// call is an operation that nothing overlaps, as EDN.
func call(f, input, output string) string {
	return fmt.Sprintf("{:process 0 :type :invoke :f :%s :value %s}\n{:process 0 :type :ok :f :%s :value %s}\n", f, input, f, output)
}

// container fills something and empties it. Values repeat, so that a search is needed.
func container(insert, remove string, n int, taken func(int) int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(call(insert, fmt.Sprint(i%7), fmt.Sprint(i%7)))
	}
	for i := range n {
		b.WriteString(call(remove, "nil", fmt.Sprint(taken(i)%7)))
	}
	return b.String()
}

// repeatedTexts appends the same text again and again.
func repeatedTexts(n int) string {
	var b strings.Builder
	held := ""
	for range n {
		held += "abc"
		b.WriteString(call("append", `"abc"`, `"abc"`))
	}
	b.WriteString(call("get", "nil", `"`+held+`"`))
	return b.String()
}

// sums adds powers of two that nobody knows the outcome of, and reads what no sum of them is.
func sums(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{:process %d :type :invoke :f :add :value %d}\n", 1+i, 1<<i)
	}
	b.WriteString(call("read", "nil", fmt.Sprint(1<<n+1)))
	return b.String()
}

// pendingWrites has many writes of few values that nobody knows the outcome of, and reads that need some of them.
func pendingWrites(pending, n int) string {
	var b strings.Builder
	for i := range pending {
		fmt.Fprintf(&b, "{:process %d :type :invoke :f :write :value %d}\n", 1+i, i%6)
	}
	for i := range n {
		b.WriteString(call("write", fmt.Sprint(i%6), fmt.Sprint(i%6)))
		if i%50 == 0 {
			b.WriteString(call("read", "nil", fmt.Sprint((i*5+3)%6)))
		}
	}
	return b.String()
}
