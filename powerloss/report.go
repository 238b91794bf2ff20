package powerloss

import (
	"errors"
	"fmt"
	"strings"

	"faultline/internal/gotest"
)

// Summary is how much was tested.
type Summary struct {
	Losses  int // of power
	Lives   int // of the store
	Changes int // of its disk, syncs included
}

// String is a sentence.
func (s Summary) String() string {
	return fmt.Sprintf("%d losses of power at %d changes of the disk, in %d lives of the store: nothing that was acknowledged is lost",
		s.Losses, s.Changes, s.Lives)
}

// Failure is a store that is not what it promised to be.
type Failure struct {
	Loss int    // which loss of power it was, from 1 on; 0 if the store failed before there was one
	Why  string // what is wrong

	test  string
	seed  uint64
	life  *life
	loss  *loss  // nil if there was none
	stack string // of a panic
}

// failure describes what is wrong with a life, or with what a loss of power in it has left.
func (r *run) failure(l *life, at *loss, err error) *Failure {
	f := &Failure{Why: err.Error(), test: r.test, seed: r.config.Seed, life: l, loss: at}
	if at != nil {
		f.Loss = r.summary.Losses
	}
	if p := (panicked{}); errors.As(err, &p) {
		f.stack = p.stack
	}
	return f
}

// shown is how many changes before the loss a failure shows.
const shown = 8

// Error says what went wrong, what led to it, and how to see it again.
func (f *Failure) Error() string {
	var b strings.Builder
	if f.loss == nil {
		fmt.Fprintf(&b, "powerloss: the store fails in life %d, on %v: %s\n", f.life.number, f.life.system, f.Why)
	} else {
		fmt.Fprintf(&b, "powerloss: loss %d of power breaks the store, on %v: %s\n", f.Loss, f.life.system, f.Why)
		f.describe(&b)
	}
	fmt.Fprintf(&b, "again   %s\n", gotest.Again(f.test, f.seed))
	b.WriteString(f.stack)
	return b.String()
}

// describe tells when the power went.
func (f *Failure) describe(b *strings.Builder) {
	l := f.loss
	from := "an empty disk"
	if f.life.held > 0 {
		from = fmt.Sprintf("what an earlier loss had left, after transaction %d", f.life.held)
	}
	fmt.Fprintf(b, "The power went after change %d of life %d, which began with %s.\n", l.change, f.life.number, from)
	fmt.Fprintf(b, "The latest transaction that was acknowledged was %d; %s. The changes before:\n", l.acknowledged, l.underWay())
	for n := max(1, l.change-shown+1); n <= l.change; n++ {
		fmt.Fprintf(b, "    %6d  %s\n", n, f.life.changes[n-1])
	}
}

// underWay says what the store was doing.
func (l *loss) underWay() string {
	if l.begun == l.acknowledged {
		return "none was under way"
	}
	return fmt.Sprintf("%d was under way", l.begun)
}
