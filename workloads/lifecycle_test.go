package workloads

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/cluster"
	"faultline/history"
)

// The history of an object stays small, however long the test: its life is ended, and few have another under the
// same key. The first objects are no exception.
func TestLivesAreShort(t *testing.T) {
	const n = 50_000
	s := sessionOf(t, "lifecycle", 1, 10, Options{}).run(n)
	byKey, deletes := map[string]int{}, map[string]int{}
	for _, op := range s.ops {
		byKey[op.Key]++
		if op.F == "delete" {
			deletes[op.Key]++
		}
	}
	longest, again := 0, 0
	for key, count := range byKey {
		longest = max(longest, count)
		if deletes[key] > 1 {
			again++
		}
	}
	if mean := n / len(byKey); mean > 40 || longest > 300 {
		t.Errorf("%d operations on an object, and %d on one", mean, longest)
	}
	if share := float64(again) / float64(len(byKey)); share == 0 || share > 0.2 {
		t.Errorf("%.2f of the keys were deleted more than once", share)
	}
}

// What was deleted is looked for again and again, and in the end once more, as is every other key.
func TestTheDeadAreLookedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		threads, o := rapid.IntRange(1, 10).Draw(t, "threads"), Options{Keys: rapid.IntRange(1, 30).Draw(t, "keys"),
			HotKey: rapid.Float64Range(0, 1).Draw(t, "hot key")}
		s := sessionOf(t, "lifecycle", rapid.Uint64().Draw(t, "seed"), threads, o).run(3000)
		used, dead, looked := []string(nil), map[string]bool{}, 0
		for i, op := range s.ops {
			if !slices.Contains(used, op.Key) {
				used = append(used, op.Key)
			}
			if op.F == "delete" && s.outcomes[i].Type == history.OK {
				dead[op.Key] = true
			} else if op.F == "read" && dead[op.Key] {
				looked++
			}
		}
		if len(dead) > 5 && looked < 100 {
			t.Errorf("%d objects were deleted, and %d reads looked for them", len(dead), looked)
		}
		final := finalReads(s.workload)
		for _, key := range used {
			if !slices.Contains(final, cluster.Op{F: "read", Key: key}) {
				t.Errorf("%s is not read in the end", key)
			}
		}
		slices.SortFunc(final, func(a, b cluster.Op) int { return slices.Index(used, a.Key) - slices.Index(used, b.Key) })
		if len(slices.Compact(final)) > len(used)+o.Keys {
			t.Errorf("%d keys were used, and %d are read in the end", len(used), len(final))
		}
	})
}

// A delete that failed leaves the object in use; one that nobody knows the outcome of does not.
func TestWhenAnObjectIsGivenUp(t *testing.T) {
	for outcome, want := range map[history.Type]bool{history.OK: true, history.Info: true, history.Fail: false} {
		gone := 0
		for seed := range uint64(50) {
			s := sessionOf(t, "lifecycle", seed, 1, Options{Keys: 3})
			s.threads[0].Done(cluster.Op{F: "delete", Key: "o2"}, cluster.Outcome{Type: outcome})
			if w := s.workload.(*lifecycle); w.objects[1].key != "o2" {
				gone++
			} else if w.objects[0].key != "o1" || w.objects[2].key != "o3" {
				t.Error("another object was given up")
			}
		}
		if want != (gone > 25) || gone == 50 {
			t.Errorf("after %v its key was given up %d times of 50", outcome, gone)
		}
	}
}
