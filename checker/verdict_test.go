package checker

import (
	"encoding/json"
	"testing"
)

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		of   []Validity
		want Validity
	}{
		{nil, Unknown},
		{[]Validity{Valid}, Valid},
		{[]Validity{Valid, Unknown}, Unknown},
		{[]Validity{Unknown, Invalid, Valid}, Invalid},
	} {
		if got := Merge(c.of...); got != c.want {
			t.Errorf("Merge(%v) = %v, want %v", c.of, got, c.want)
		}
	}
}

func TestConclude(t *testing.T) {
	order := Part{Name: "linearizable", Validity: Valid, Reason: "all can be ordered"}
	tested := Part{Name: "tested", Validity: Unknown, Reason: "this tested nothing"}
	if v := Conclude(order, tested); v.Validity != Unknown || v.Reason != tested.Reason {
		t.Errorf("%+v", v)
	}
	if v := Conclude(order, order); v.Validity != Valid || v.Reason != "all can be ordered; all can be ordered" {
		t.Errorf("%+v", v)
	}
	if v := Conclude(); v.Validity != Unknown || v.Reason == "" {
		t.Errorf("%+v", v)
	}
}

func TestVerdictJSON(t *testing.T) {
	v := Conclude(Part{
		Name: "linearizable", Validity: Invalid, Reason: "no order", Model: "cas-register", Stage: Search, Keys: 2, Operations: 9,
		NotValid: []KeyVerdict{{Key: "x", Validity: Invalid, Reason: "no order", Operations: 5}},
	})
	const want = `{"validity":"invalid","reason":"no order","parts":[{"name":"linearizable","validity":"invalid",` +
		`"reason":"no order","model":"cas-register","stage":"search","keys":2,"operations":9,` +
		`"not_valid":[{"key":"x","validity":"invalid","reason":"no order","operations":5}]}]}`
	if got := marshal(t, v); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	var read Verdict
	if err := json.Unmarshal([]byte(want), &read); err != nil || marshal(t, read) != want {
		t.Errorf("read back: %+v, %v", read, err)
	}
	if err := json.Unmarshal([]byte(`{"validity":"fine"}`), &read); err == nil {
		t.Error("a validity that there is not was read")
	}
}

func TestTested(t *testing.T) {
	stats := func(invoked, ok, refused, faults int) Statistics {
		s := Statistics{Functions: []FunctionStats{{F: "read", OK: invoked}}}
		p := PhaseStats{Phase: Healthy, Invoked: invoked, OK: ok, Refused: refused}
		p.rate()
		s.Phases = []PhaseStats{p}
		if faults > 0 {
			s.Faults = []FaultStats{{"crash", faults}}
		}
		return s
	}
	for _, c := range []struct {
		name   string
		stats  Statistics
		faults bool
		want   Validity
		reason string
	}{
		{"served and hurt", stats(100, 90, 5, 3), true, Valid, "95 of 100 operations were served while the system was healthy, and 3 faults took effect"},
		{"served, no faults wanted", stats(100, 90, 0, 0), false, Valid, "90 of 100 operations were served while the system was healthy, and 0 faults took effect"},
		{"no faults though wanted", stats(100, 90, 0, 0), true, Unknown, "this tested nothing: faults were wanted and none took effect"},
		{"too few", stats(9, 9, 0, 1), true, Unknown, "this tested nothing: of 9 operations invoked while the system was healthy only 9 were served"},
		{"too small a share", stats(1000, 50, 0, 1), true, Unknown, "this tested nothing: of 1,000 operations invoked while the system was healthy only 50 were served"},
		{"nothing", Statistics{}, false, Unknown, "this tested nothing: no client invoked an operation"},
	} {
		if p := Tested(c.stats, c.faults); p.Validity != c.want || p.Reason != c.reason {
			t.Errorf("%s: %v: %s", c.name, p.Validity, p.Reason)
		}
	}
}
