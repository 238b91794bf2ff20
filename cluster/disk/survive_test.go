package disk

import (
	"strings"
	"testing"
	"testing/synctest"
)

// Where contents have no order, a later write may outlive an earlier one to another page, and not to the same.
func TestWritesToDifferentPagesHaveNoOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		found := map[string]bool{}
		d := newDisk(Unordered, 1)
		v := start(t, d)
		f := create(t, v, "data", strings.Repeat("-", 2*pageSize))
		check(t, f.Sync())
		for _, at := range []int64{0, pageSize, pageSize + sector} {
			_, err := f.WriteAt([]byte("new"), at)
			check(t, err)
		}
		for seed := range uint64(100) {
			b, err := d.AfterPowerLoss(config(Lazy, seed)).ReadFile("data")
			check(t, err)
			found[string([]byte{b[0], b[pageSize], b[pageSize+sector]})] = true
		}
		for _, left := range []string{"---", "n--", "-n-", "nn-", "-nn", "nnn"} {
			if !found[left] {
				t.Errorf("no loss of power leaves %s", left)
			}
			delete(found, left)
		}
		if len(found) > 0 {
			t.Errorf("losses of power leave %v", found)
		}
	})
}
