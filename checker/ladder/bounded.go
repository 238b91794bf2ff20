package ladder

import "faultline/checker/linear"

// boundedStaleness decides Δ-atomicity, and how small Δ and k could be.
func (c *check) boundedStaleness() Result {
	part := linear.Bounded(linear.CASRegister(), c.all, c.options.Staleness, c.bounds())
	r := fromPart(part)
	r.Freshest = &Bound{Versions: c.leastVersions()}
	age, ok := linear.LeastStaleness(linear.CASRegister(), c.all, c.bounds())
	r.Freshest.Age, r.Freshest.Unbounded = age, !ok
	return r
}

// leastVersions is the smallest k that is not refuted by counting, for each read, what it certainly missed.
func (c *check) leastVersions() int {
	if c.bad != nil {
		return 0
	}
	var m Measures
	m.freshness(newDated(c.reading))
	return m.Behind.Max + 1
}
