package intmap

import (
	"testing"

	"pgregory.net/rapid"
)

// It is what a map of the language is, for integers that count up, for those that are scattered, and for both.
func TestMap(t *testing.T) {
	integers := rapid.OneOf(rapid.Int64Range(-3, 20), rapid.Int64Range(1000, 5000), rapid.Int64())
	rapid.Check(t, func(t *rapid.T) {
		var m Map
		want := map[int64]int32{}
		for range rapid.IntRange(0, 300).Draw(t, "sets") {
			i, number := integers.Draw(t, "integer"), rapid.Int32Range(0, 1<<31-2).Draw(t, "number")
			m.Set(i, number)
			want[i] = number
			other := integers.Draw(t, "other")
			got, ok := m.Get(other)
			if number, known := want[other]; got != number || ok != known {
				t.Fatalf("%d has %d, %v; want %d, %v", other, got, ok, number, known)
			}
		}
		for i, number := range want {
			if got, ok := m.Get(i); got != number || !ok {
				t.Fatalf("%d has %d, %v; want %d", i, got, ok, number)
			}
		}
	})
}
