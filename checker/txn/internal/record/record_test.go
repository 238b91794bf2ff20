package record

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"faultline/history"
)

// drawLog draws operations as they are read of a log by sessions, which are kept as steps.
func drawLog(t *rapid.T) []history.Operation {
	var log strings.Builder
	values := rapid.SampledFrom([]int64{0, 1, 2, 3, 4, 5, -1, 1 << 62, 1<<63 - 1})
	for id := range rapid.IntRange(1, 30).Draw(t, "transactions") {
		session := rapid.IntRange(0, 3).Draw(t, "session")
		name := id
		if rapid.IntRange(0, 9).Draw(t, "aborted") == 0 {
			name = -1
		}
		for range rapid.IntRange(1, 5).Draw(t, "steps") {
			fmt.Fprintf(&log, "%s(%d,%d,%d,%d)\n", rapid.SampledFrom([]string{"r", "w"}).Draw(t, "f"),
				rapid.SampledFrom([]int64{0, 1, 2, 5000, -7}).Draw(t, "key"), values.Draw(t, "value"), session, name)
		}
	}
	s, err := history.Open(strings.NewReader(log.String()), "log")
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ops, err := history.Operations(h.Events)
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

// A transaction that is kept as steps is decoded as the list that it stands for.
func TestStepsAreDecodedAsLists(t *testing.T) {
	list := func(v history.Value) history.Value { return history.ListValue(slices.Collect(v.Elements)...) }
	rapid.Check(t, func(t *rapid.T) {
		ops := drawLog(t)
		lists := slices.Clone(ops)
		for i := range lists {
			if lists[i].Input.Steps() == nil {
				t.Fatalf("%v is not kept as steps", lists[i].Input)
			}
			if lists[i].Input = list(ops[i].Input); ops[i].Output.Kind() != history.None {
				lists[i].Output = list(ops[i].Output)
			}
		}
		got, want := New(RWRegister, ops, nil), New(RWRegister, lists, nil)
		for key := range int32(want.Keys.Len()) {
			if !got.Keys.Name(key).Equal(want.Keys.Name(key)) {
				t.Fatalf("key %d is %v, want %v", key, got.Keys.Name(key), want.Keys.Name(key))
			}
		}
		for i, key := range want.Steps.Key {
			a, b := got.Keys.Value(key, got.Steps.Value[i]), want.Keys.Value(key, want.Steps.Value[i])
			if want.Steps.Saw[i] != Unread && !a.Equal(b) {
				t.Fatalf("step %d has the value %v, want %v", i, a, b)
			}
		}
		got.Keys, want.Keys = Keys{}, Keys{}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// The runs of a key are the steps of those transactions that have several on it.
func TestRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := New(RWRegister, drawLog(t), nil)
		for key := range int32(h.Keys.Len()) {
			var want [][]int32
			for t := range int32(h.Len()) {
				var run []int32
				for step := h.First[t]; step < h.First[t+1]; step++ {
					if h.Steps.Key[step] == key {
						run = append(run, step)
					}
				}
				if len(run) > 1 {
					want = append(want, run)
				}
			}
			if got := slices.Collect(h.Keys.Runs(key)); !reflect.DeepEqual(got, want) {
				t.Fatalf("key %d has the runs %v, want %v", key, got, want)
			}
		}
	})
}
