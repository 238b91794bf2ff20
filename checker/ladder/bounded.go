package ladder

import "faultline/checker/linear"

// boundedStaleness decides Δ-atomicity, and how small Δ and k could be.
func (c *check) boundedStaleness() Result {
	part := linear.Bounded(linear.CASRegister(), c.all, c.options.Staleness, c.bounds())
	r := fromPart(part)
	if linear.Timed(c.all) {
		r.Freshest = c.freshest()
	}
	return r
}

// freshest is how small Δ and k could be; nil if there was no time to find out.
func (c *check) freshest() *Bound {
	b := &Bound{}
	if !c.clock.Within(func() { b.Versions = c.leastVersions() }) {
		return nil
	}
	var ok bool
	b.Age, ok = linear.LeastStaleness(linear.CASRegister(), c.all, c.bounds())
	b.Unbounded = !ok
	return b
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
