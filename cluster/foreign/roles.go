package foreign

import (
	"regexp"
	"strconv"
	"sync"

	"faultline/cluster/foreign/description"
	"faultline/cluster/sim"
)

// The roles of a node whose log has told none yet.
const (
	starting = "starting member" // it does not take clients yet
	member   = "member"
)

// roles follows the role of a node and its term by what it logs.
type roles struct {
	machine  *sim.Process
	patterns []rolePattern

	mu   sync.Mutex
	role string
	term uint64
}

// rolePattern is what a line looks like that tells a role; an empty role is that which the node has.
type rolePattern struct {
	role string
	line *regexp.Regexp
}

func newRoles(l description.Log, p *sim.Process) *roles {
	r := &roles{machine: p, role: starting}
	for _, told := range []struct {
		role string
		line description.Pattern
	}{{sim.Leader, l.Leader}, {"candidate", l.Candidate}, {"follower", l.Follower}, {"", l.Term}} {
		if told.line.IsSet() {
			r.patterns = append(r.patterns, rolePattern{told.role, told.line.Regexp()})
		}
	}
	return r
}

// heard reads a line of the log.
func (r *roles) heard(line []byte) {
	for _, p := range r.patterns {
		m := p.line.FindSubmatch(line)
		if m == nil {
			continue
		}
		term := uint64(0)
		if i := p.line.SubexpIndex("term"); i >= 0 {
			term, _ = strconv.ParseUint(string(m[i]), 10, 64) // what is no number is no term
		}
		r.become(p.role, term)
		return
	}
}

// served notes that a node takes clients whose log has told no role.
func (r *roles) served() {
	if role, term := r.current(); role == starting {
		r.become(member, term)
	}
}

// become notes a role, or with none a term in the role that there is. Term 0 is the one that is known.
func (r *roles) become(role string, term uint64) {
	r.mu.Lock()
	if role == "" {
		role = r.role
	}
	if term == 0 {
		term = r.term
	}
	changed := role != r.role || term != r.term
	r.role, r.term = role, term
	r.mu.Unlock()
	if changed {
		r.machine.Became(role, term)
	}
}

// current is the role that the node's log has told last, and its term.
func (r *roles) current() (role string, term uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.role, r.term
}
