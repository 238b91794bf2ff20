package world

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

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
