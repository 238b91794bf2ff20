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
		Name: "linearizable", Validity: Invalid, Reason: "no order", Model: "cas-register", Stage: "search", Keys: 2, Operations: 9,
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

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
