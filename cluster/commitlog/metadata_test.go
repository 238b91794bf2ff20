package commitlog

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var brokers = []string{"n1", "n2", "n3"}

// drawDecision draws any decision, likely or not.
func drawDecision(t *rapid.T, m *metadata) decision {
	d := decision{Kind: rapid.SampledFrom([]string{registers, registers, fences, creates, alters, alters}).Draw(t, "kind"),
		Node: rapid.SampledFrom(brokers).Draw(t, "node"), Process: rapid.IntRange(1, 3).Draw(t, "process"),
		Partition: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "partition")}
	if a := m.of(d.Partition); d.Kind == alters && a != nil {
		d.Node, d.Epoch, d.Version = a.Leader, a.Epoch, a.Version-uint64(rapid.SampledFrom([]int{0, 0, 1}).Draw(t, "late"))
		for _, node := range brokers { // a leader always names itself
			if node == a.Leader || rapid.Bool().Draw(t, "in sync") {
				d.InSync = append(d.InSync, node)
			}
		}
	}
	return d
}

// encoded is the state as a snapshot has it.
func encoded(t *rapid.T, m metadata) string {
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever is decided in whatever order: a leader lives and is in sync, somebody always is, an epoch has one leader, and where elections are
// clean nobody gets in sync by one.
func TestDecisionsKeepTheRules(t *testing.T) {
	for _, elect := range []struct {
		name  string
		elect func(*metadata, *assignment)
		clean bool
	}{{"clean", cleanly, true}, {"unclean", uncleanly, false}} {
		t.Run(elect.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := newMetadata(brokers, elect.elect)
				for range rapid.IntRange(1, 40).Draw(t, "decisions") {
					before := encoded(t, m)
					was := slices.Clone(m.Partitions)
					d := drawDecision(t, &m)
					if changed := m.apply(d); !changed && encoded(t, m) != before {
						t.Fatalf("%+v says that it changes nothing, and makes %s of %s", d, encoded(t, m), before)
					}
					for i := range m.Partitions {
						var old *assignment
						if i < len(was) {
							old = &was[i]
						}
						keepsTheRules(t, &m, old, m.Partitions[i], d, elect.clean)
					}
				}
			})
		})
	}
}

func keepsTheRules(t *rapid.T, m *metadata, old *assignment, a assignment, d decision, clean bool) {
	t.Helper()
	switch {
	case len(a.InSync) == 0:
		t.Fatalf("%+v leaves nobody in sync: %+v", d, a)
	case a.Leader != "" && (!m.alive(a.Leader) || !slices.Contains(a.InSync, a.Leader)):
		t.Fatalf("%+v lets somebody lead who does not live, or is not in sync: %+v", d, a)
	case old == nil:
		return
	case a.Epoch < old.Epoch || a.Version < old.Version:
		t.Fatalf("%+v goes back from %+v to %+v", d, *old, a)
	case a.Epoch == old.Epoch && a.Leader != old.Leader:
		t.Fatalf("%+v gives an epoch another leader: %+v, %+v", d, *old, a)
	case a.Version == old.Version && !slices.Equal(a.InSync, old.InSync):
		t.Fatalf("%+v changes a version: %+v, %+v", d, *old, a)
	case clean && d.Kind != alters && slices.ContainsFunc(a.InSync, func(n string) bool { return !slices.Contains(old.InSync, n) }):
		t.Fatalf("%+v calls somebody in sync who was not: %+v, %+v", d, *old, a)
	}
}

// A snapshot has all that was decided.
func TestSnapshotsHaveEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMetadata(brokers, cleanly)
		for range rapid.IntRange(1, 20).Draw(t, "decisions") {
			m.apply(drawDecision(t, &m))
		}
		restored := newMetadata(brokers, cleanly)
		if err := json.Unmarshal([]byte(encoded(t, m)), &restored); err != nil || encoded(t, restored) != encoded(t, m) {
			t.Fatalf("%v: %s is restored as %s", err, encoded(t, m), encoded(t, restored))
		}
	})
}
