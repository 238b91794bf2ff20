package results_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	_ "faultline/cluster/kinds"
	"faultline/results"
	"faultline/workloads"
	"faultline/world"
)

// Durations of a spec are told in their unit, wherever they are, and everything else as it is.
func TestSettings(t *testing.T) {
	for _, system := range []string{"raftkv", "primary"} {
		spec, err := world.Spec{System: system, TimeLimit: time.Minute, Rate: 200, Interval: 5 * time.Second, MaxOutage: 90 * time.Second,
			Nemesis: []string{"partition", "crash"}, Options: workloads.Options{Keys: 20, Staleness: time.Second}}.WithDefaults()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, s := range results.Settings(text) {
			got[s.Name] = s.Value
			if len(s.Value) > 6 && fmt.Sprint(json.Number(s.Value)) == s.Value && json.Valid([]byte(s.Value)) {
				t.Errorf("%s: %s has no unit", s.Name, s.Value)
			}
		}
		want := map[string]string{"time_limit": "60s", "nemesis_interval": "5s", "max_outage": "90s", "workload_options.staleness": "1s", "workload_options.keys": "20",
			"rate": "200", "nemesis": "partition, crash", "config.delay.base": "500µs"}
		if system == "raftkv" {
			want["config.raft.heartbeat_timeout"], want["config.raft.snapshot_threshold"] = "500ms", "1024"
		} else {
			want["config.heartbeat"], want["config.client.Attempt"] = "100ms", "400ms"
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %s is %q, want %q", system, name, got[name], value)
			}
		}
	}
	if got := results.Settings(json.RawMessage(`{"system":"yours","time_limit":1000000000,"config":{"wait":5}}`)); fmt.Sprint(got) != "[{system yours} {time_limit 1s} {config.wait 5}]" {
		t.Errorf("of a kind that is not known: %v", got)
	}
}
