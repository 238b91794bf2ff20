package audit

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faultline/internal/audit/oracle"
)

var (
	seed  = flag.Uint64("audit.seed", 1, "the seed of the histories")
	out   = flag.String("audit.out", "", "the directory that differences are written to")
	model = flag.String("audit.model", "", "the only model that histories are drawn for")
)

func TestThousands(t *testing.T) { compare(t, 3000) }

// compare draws histories and has all judges asked about them.
func compare(t *testing.T, histories int) {
	a, specs, begin := newAudit(t), oracle.Specs(), time.Now()
	objects := 6 // of 10 histories
	if *model != "" {
		specs, objects = slices.DeleteFunc(specs, func(s oracle.Spec) bool { return s.Name != *model }), 10
	}
	invalid := map[string]int{}
	for i := range histories {
		r := rand.New(rand.NewPCG(*seed, uint64(i)))
		switch n := i % 10; {
		case n < objects:
			spec := specs[(i/10*objects+n)%len(specs)]
			s := drawObject(r, spec.Name)
			if a.linearizable(s, r) {
				invalid[spec.Name]++
			}
		case n < 9:
			for _, model := range a.consistency(drawRegisters(r), r) {
				invalid[model]++
			}
		default:
			a.staleness(drawRegisters(r))
		}
	}
	t.Logf("%d histories, %.0f a second; invalid: %v", histories, float64(histories)/time.Since(begin).Seconds(), invalid)
	a.report()
}
