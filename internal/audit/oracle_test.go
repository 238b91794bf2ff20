package audit

import (
	"math/rand/v2"
	"testing"

	"faultline/internal/audit/oracle"
)

// The oracle itself is held to what is known of the models: whatever keeps a model keeps those that it implies.
func TestOracleKeepsImplications(t *testing.T) {
	for i := range 2000 {
		s := drawRegisters(rand.New(rand.NewPCG(*seed, uint64(i))))
		keeps := expected(s)
		for _, m := range oracle.ConsistencyModels() {
			for _, weaker := range m.Implies {
				if keeps[m.Name] == oracle.Yes && keeps[weaker] == oracle.No {
					t.Errorf("%s is kept, and %s is not\n%v", m.Name, weaker, s)
				}
			}
		}
	}
}
