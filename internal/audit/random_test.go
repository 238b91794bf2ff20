package audit

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"faultline/internal/audit/oracle"
)

var (
	seed = flag.Uint64("audit.seed", 1, "the seed of the histories")
	out  = flag.String("audit.out", "", "the directory that differences are written to")
)

func TestThousands(t *testing.T) { compare(t, 3000) }

// compare draws histories and has all judges asked about them.
func compare(t *testing.T, histories int) {
	a, specs, begin := newAudit(t), oracle.Specs(), time.Now()
	invalid := map[string]int{}
	for i := range histories {
		r := rand.New(rand.NewPCG(*seed, uint64(i)))
		switch n := i % 10; {
		case n < 6:
			spec := specs[(i/10*6+n)%len(specs)]
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
