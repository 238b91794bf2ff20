package world

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"faultline/cluster/foreign/build"
	"faultline/cluster/raftkv"
)

// A spec of the version in which there was one kind of system is read as what it was.
func TestASpecOfTheVersionBefore(t *testing.T) {
	const before = `{"seed":4,"time_limit":60000000000,"rate":200,"concurrency":10,"workload":"register",
		"workload_options":{"keys":20,"hot_key":0},"nemesis":["partition","crash"],"nemesis_interval":5000000000,"nemesis_intensity":0.5,
		"cluster":{"nodes":3,"read":"leader","raft":{"heartbeat_timeout":400000000,"election_timeout":500000000,"max_rpcs_in_flight":2},
			"client":{"affinity":"stay"},"delay":{"base":500000,"tail":500000},"lease":250000000,"bound":1000000000},"clock":"virtual"}`
	var s Spec
	if err := json.Unmarshal([]byte(before), &s); err != nil {
		t.Fatal(err)
	}
	c := s.Config.(*raftkv.Config)
	if s.System != "raftkv" || s.Nodes != 3 || s.Mode != "leader" || c.Raft.HeartbeatTimeout != 400*time.Millisecond ||
		c.Raft.MaxRPCsInFlight != 2 || c.Client.Affinity != raftkv.Stay || c.Lease != 250*time.Millisecond {
		t.Errorf("%+v, %+v", s, c)
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again Spec
	if err := json.Unmarshal(b, &again); err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("stored and read again: %+v, %v", again, err)
	}
}

// A spec of a kind that this program does not have is refused by name.
func TestASpecOfAnotherKind(t *testing.T) {
	var s Spec
	err := json.Unmarshal([]byte(`{"seed":4,"system":"raftvk"}`), &s)
	if err == nil || !strings.Contains(err.Error(), `unknown system "raftvk"; did you mean raftkv?`) {
		t.Error(err)
	}
}

// A field that nothing would read is refused: a user who wrote "moed" would get the default mode. Errors speak of the file.
func TestASpecWithAMistake(t *testing.T) {
	for text, want := range map[string]string{
		`{"moed":"stale"}`:                             `unknown field "moed"; did you mean mode?`,
		`{"workload_options":{"kesy":3}}`:              `unknown field "workload_options.kesy"; did you mean keys?`,
		`{"config":{"raft":{"heartbeet_timeout":5}}}`:  `config: unknown field "raft.heartbeet_timeout"; did you mean heartbeat_timeout?`,
		`{"cluster":{"nodes":3,"laese":5}}`:            `config: unknown field "laese"; did you mean lease?`,
		`{"cluster":{"nodes":"3"}}`:                    `cluster: nodes: string where a whole number is needed`,
		`{"seed":"4"}`:                                 `seed: string where a whole number that is not negative is needed`,
		`{"seed":-4}`:                                  `seed: number -4 where a whole number that is not negative is needed`,
		`{"config":{"delay":{"base":"1ms"}}}`:          `config: delay.base: string where a whole number is needed`,
		`{"system":"primary","config":{"acks":false}}`: `config: acks: bool where a whole number is needed`,
		`[]`: `array where an object is needed`,
	} {
		var s Spec
		if err := json.Unmarshal([]byte(text), &s); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

// What was built, and where, is no part of what a world is told: the same run has the same input everywhere.
func TestAWorldIsNotToldWhatItWasBuiltFrom(t *testing.T) {
	dir := t.TempDir()
	in := Input{Spec: shortSpec(1)}
	in.Spec.Overlay, in.Spec.Program = true, build.Record{Digest: "0123456789abcdef", Go: "go1.26.0"}
	if err := writeInput(in, dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, inputFile))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(b); strings.Contains(text, in.Spec.Program.Digest) || !strings.Contains(text, `"overlay":true`) {
		t.Error(text)
	}
	if err := json.Unmarshal(b, &in); err != nil || in.Spec.HasPrograms() {
		t.Errorf("it runs programs that are not there: %v", err)
	}
}
