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

// What a verdict is about is what decided it: an anomaly, a rule, or the question if nothing more is known.
func TestKind(t *testing.T) {
	stale := Part{Name: LinearizablePart, Validity: Invalid, Findings: []Finding{
		{Rule: "linearizable", Validity: Unknown}, {Rule: "linearizable", Anomaly: "stale read", Validity: Invalid}}}
	for _, c := range []struct {
		want  string
		parts []Part
	}{
		{"", []Part{{Name: TestedPart, Validity: Valid}}},
		{"linearizable: stale read", []Part{{Name: TestedPart}, stale}},
		{"election safety", []Part{{Name: InvariantsPart, Validity: Invalid, Findings: []Finding{{Rule: "election safety", Validity: Invalid}}}, stale}},
		{"world", []Part{{Name: WorldPart}}},
	} {
		if got := Conclude(c.parts...).Kind(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestVerdictJSON(t *testing.T) {
	v := Conclude(Part{
		Name: "linearizable", Validity: Invalid, Reason: "no order", Model: "cas-register", Stage: "search", Objects: 2, Operations: 9,
		Findings: []Finding{{Rule: "linearizable", Anomaly: "stale read", On: "x", Validity: Invalid, Sentence: "it is old", Total: 5}},
	})
	const want = `{"validity":"invalid","reason":"no order","parts":[{"name":"linearizable","validity":"invalid",` +
		`"reason":"no order","model":"cas-register","stage":"search","objects":2,"operations":9,` +
		`"findings":[{"rule":"linearizable","anomaly":"stale read","on":"x","validity":"invalid","sentence":"it is old","total":5}]}]}`
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

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
