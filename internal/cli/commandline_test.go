package cli

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"faultline/cluster"
	"faultline/world"
)

// parseFlags reads the flags of a spec as run does.
func parseFlags(args []string) (world.Spec, error) {
	systems, err := systemsOf(args)
	if err != nil {
		return world.Spec{}, err
	}
	f := specFlags{kind: systems.Common()}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.Int("test-count", 20, "")
	f.register(flags)
	f.registerBug(flags)
	if err := flags.Parse(args); err != nil {
		return world.Spec{}, err
	}
	return f.parse()
}

// The command line that is printed for a run is read as the spec of that run, whatever flags it came from.
func TestCommandLineRepeatsTheSpec(t *testing.T) {
	values := map[string][]string{
		"workload":             {"register", "lifecycle"},
		"read":                 {"log", "readindex", "verify", "lease", "leader", "session", "bounded", "stale"},
		"nemesis":              {"none", "partition", "pause,crash", "partition,crash", "partition,crash,pause", "clock", "all", "partition,crash,clock"},
		"bug":                  {"dirty-reads", "membership-forgotten", "unbounded-staleness", "delete-resurrects"}, // three bring something with them
		"staleness":            {"0s", "1s", "250ms"},
		"nemesis-interval":     {"5s", "500ms", "1m30.5s"},
		"nemesis-intensity":    {"0.5", "0.05", "0.999"},
		"rpcs-in-flight":       {"1", "2", "128"},
		"time-limit":           {"60s", "100ms", "2h", "1m0s"},
		"rate":                 {"200", "0.001", "1e5", "33.333333333333336"},
		"concurrency":          {"1", "10", "1000"},
		"node-count":           {"1", "3", "5", "99"},
		"keys":                 {"1", "20", "1000000"},
		"hot-key":              {"0", "0.1", "1"},
		"snapshot-interval":    {"5ms", "5s"},
		"snapshot-threshold":   {"1", "1024", "18446744073709551615"},
		"trailing-logs":        {"1", "256"},
		"seed":                 {"0", "1", "18446744073709551615"},
		"clock":                {"virtual", "real"},
		"heartbeat-timeout":    {"400ms", "500ms"},
		"election-timeout":     {"500ms", "2s"},
		"leader-lease-timeout": {"250ms", "300ms"},
		"max-outage":           {"0", "20s"},
		"consistency-models":   {"sequential", "pram,causal", "all"},
		"affinity":             {"prefer", "stay", "roam"},
		"no-sync":              {"true", "false"},
		"blind-retries":        {"true", "false"},
		"survive-cut":          {"true", "false"},
		"file-system":          {"ext4", "strict", "lazy", "unordered"},
		"sync-time":            {"1ms", "20ms"},
	}
	rapid.Check(t, func(t *rapid.T) {
		var args []string
		for name, some := range values {
			if rapid.Bool().Draw(t, "give "+name) {
				args = append(args, "--"+name+"="+rapid.SampledFrom(some).Draw(t, name))
			}
		}
		spec, err := parseFlags(args)
		if err != nil {
			t.Fatal(err)
		}
		line := commandLine(spec, "")
		words := strings.Fields(line)
		again, err := parseFlags(words[2:])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if !reflect.DeepEqual(again, spec) {
			t.Fatalf("%s is read as\n%+v\nand not as\n%+v", line, again, spec)
		}
	})
}

// Every flag of a spec is either in the command line that is printed, or not about what is run.
func TestCommandLineNamesEveryFlag(t *testing.T) {
	changed := []string{"--workload=lifecycle", "--read=log", "--nemesis=pause", "--nemesis-interval=7s", "--nemesis-intensity=0.7", "--staleness=7ms", "--time-limit=77s", "--rate=7",
		"--concurrency=7", "--node-count=7", "--keys=7", "--hot-key=0.7", "--snapshot-interval=7s", "--snapshot-threshold=7",
		"--trailing-logs=7", "--rpcs-in-flight=7", "--heartbeat-timeout=6s", "--election-timeout=7s", "--leader-lease-timeout=5s",
		"--max-outage=7s", "--file-system=lazy", "--sync-time=7ms", "--affinity=roam", "--consistency-models=causal,pram", "--no-sync", "--blind-retries", "--survive-cut", "--seed=7", "--clock=real"}
	spec, err := parseFlags(changed)
	if err != nil {
		t.Fatal(err)
	}
	line := commandLine(spec, "")
	const want = "faultline run --affinity roam --blind-retries --clock real --concurrency 7 --consistency-models causal,pram --election-timeout 7s --file-system lazy --heartbeat-timeout 6s --hot-key 0.7 --keys 7 " +
		"--leader-lease-timeout 5s --max-outage 7s --nemesis pause --nemesis-intensity 0.7 --nemesis-interval 7s --no-sync --node-count 7 " +
		"--rate 7 --read log --rpcs-in-flight 7 --snapshot-interval 7s --snapshot-threshold 7 --staleness 7ms --survive-cut --sync-time 7ms --time-limit 1m17s --trailing-logs 7 " +
		"--workload lifecycle --seed 7 --test-count 1"
	if line != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
	given := strings.Replace(want, " --nemesis pause --nemesis-intensity 0.7 --nemesis-interval 7s", "", 1) // with a schedule nothing is drawn
	given = strings.Replace(given, " --seed", " --schedule 'my faults.txt' --seed", 1)
	if line := commandLine(spec, "my faults.txt"); line != given {
		t.Errorf("got  %s\nwant %s", line, given)
	}
	built, err := parseFlags([]string{"--overlay", "--lock-delay=7ms", "--lock-delay-share=0.7", "--call-delay=8ms", "--call-delay-share=0.8"}) // not on the real clock
	if err != nil {
		t.Fatal(err)
	}
	line += commandLine(built, "")
	f := specFlags{kind: cluster.Kinds()[0]}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.register(flags)
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "system" && !strings.Contains(line, "--"+flag.Name+" ") { // it is the usual one
			t.Errorf("--%s is not in %s", flag.Name, line)
		}
	})
}

// A bug brings the workload that it needs, unless another is given, and the command line says which it was.
func TestTheWorkloadOfABug(t *testing.T) {
	tests := []struct{ args, workload, line string }{
		{"", "register", "faultline run --seed 1 --test-count 1"},
		{"--bug=stale-cas", "register", "faultline run --bug stale-cas --seed 1 --test-count 1"},
		{"--bug=delete-resurrects", "lifecycle", "faultline run --bug delete-resurrects --seed 1 --test-count 1"},
		{"--bug=delete-resurrects --workload=register", "register", "faultline run --bug delete-resurrects --workload register --seed 1 --test-count 1"},
		{"--bug=stale-cas --workload=lifecycle", "lifecycle", "faultline run --bug stale-cas --workload lifecycle --seed 1 --test-count 1"},
	}
	for _, tt := range tests {
		spec, err := parseFlags(strings.Fields(tt.args))
		if err != nil {
			t.Fatal(err)
		}
		if spec.Workload != tt.workload {
			t.Errorf("%s: the workload is %s", tt.args, spec.Workload)
		}
		if line := commandLine(spec, ""); line != tt.line {
			t.Errorf("%s\ngot  %s\nwant %s", tt.args, line, tt.line)
		}
	}
}

// A shell reads a quoted word as what it was.
func TestShellQuote(t *testing.T) {
	words := []string{"", "plain", "results/runs/x-1_2.txt", "two words", "it's", `"`, `\`, "$HOME", "`ls`", "*", "a;b", "~", "é", "#", "-", "new\nline", "!x"}
	var script strings.Builder
	script.WriteString(`printf '%s\0'`)
	for _, w := range words {
		script.WriteString(" " + shellQuote(w))
	}
	b, err := exec.Command("sh", "-c", script.String()).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00"); !reflect.DeepEqual(got, words) {
		t.Errorf("got %q", got)
	}
	if got := shellQuote("results/runs/x"); got != "results/runs/x" {
		t.Errorf("a plain word is quoted: %s", got)
	}
}
