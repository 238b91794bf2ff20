package nemesis

import (
	"errors"

	"faultline/history"
)

// cutter is a verb that cuts links. What one has cut another does not mend: a link is cut as long as
// one of them wants it so.
type cutter uint8

const (
	byPartition cutter = iota
	byOneway
	byChase
	byFlap
	cutters // how many there are
)

var cutterNames = [cutters]string{byPartition: "partition", byOneway: "oneway", byChase: "chase", byFlap: "flap"}

func (c cutter) String() string { return cutterNames[c] }

// subject is what a history calls the network as far as it concerns this verb.
func (c cutter) subject() string {
	if c == byPartition {
		return network
	}
	return subjectOf(c.String())
}

// subjectOf is what a history calls the network as far as one kind of its faults is concerned.
func subjectOf(kind string) string { return network + "/" + kind }

// cutScope has a verb cut the links of a scope, and mend the others that it had cut. In the scope it returns,
// symbols are replaced by nodes. The tail is what else the event says.
func (r *Runner) cutScope(c cutter, s scope, tail string) (scope, bool) {
	q, err := scope{}, errors.New("this system cannot suffer "+c.String())
	if r.faults.Links != nil {
		q, err = s.resolve(r)
	}
	if err != nil {
		r.note(c.String(), c.subject(), history.TextValue(s.String()+tail), err.Error())
		return scope{}, false
	}
	r.cutOnly(c, q.links(r.nodes))
	r.note(c.String(), c.subject(), history.TextValue(q.String()+tail), "")
	return q, true
}

// cutOnly makes these the links that the verb cuts. A link that was cut and still is stays as it was: mended
// for an instant, it would let through all that waits in it.
func (r *Runner) cutOnly(c cutter, want links) {
	r.cuts[c] = want
	before := r.cut
	r.cut = union(len(r.nodes), r.cuts[:])
	for a, from := range r.nodes {
		for b, to := range r.nodes {
			if before[a][b] && !r.cut[a][b] {
				r.faults.Links.Mend(from, to)
			}
		}
	}
	for a, from := range r.nodes {
		for b, to := range r.nodes {
			if r.cut[a][b] && !before[a][b] {
				r.faults.Links.Cut(from, to)
			}
		}
	}
}
