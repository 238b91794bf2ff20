package ladder

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/history"
)

// check decides models over one history, each once.
type check struct {
	*reading
	options  Options
	decided  map[string]*Result
	thin     *breach
	readOnce bool
}

func newCheck(ops []history.Operation, o Options) *check {
	return &check{reading: read(ops), options: o, decided: map[string]*Result{}}
}

func (c *check) decide(model string) Result {
	if r := c.decided[model]; r != nil {
		return *r
	}
	r := c.direct(model)
	r.Model = model
	c.decided[model] = &r
	return r
}

// direct decides a model by itself.
func (c *check) direct(model string) Result {
	switch model {
	case Linearizable:
		return c.linearizable()
	case MonotonicReads:
		return c.registers((*reading).monotonicReads, "versions")
	case ReadYourWrites:
		return c.registers((*reading).readYourWrites, "versions")
	case MonotonicWrites:
		return c.registers((*reading).readFromThinAir, "versions")
	case WritesFollowReads:
		return c.registers((*reading).writesFollowReads, "versions")
	default:
		_, err := ModelByName(model)
		return Result{Reason: fmt.Sprint(err)}
	}
}

func (c *check) linearizable() Result {
	part, _ := checker.Linearizable(checker.CASRegister(), c.all, checker.Options{Timeout: c.options.Timeout, Memory: c.options.Memory})
	return fromPart(part)
}

// fromPart takes over what the checker of another package decided.
func fromPart(part checker.Part) Result {
	r := Result{Validity: part.Validity, Reason: part.Reason, Stage: part.Stage}
	for _, key := range part.NotValid {
		if key.Explanation != nil {
			r.Witness = &Witness{Rule: "no linearization", Explanation: *key.Explanation}
			break
		}
	}
	return r
}

// registers decides a model by looking for a breach.
func (c *check) registers(breached func(*reading) *breach, stage string) Result {
	if c.bad != nil {
		return Result{Reason: c.bad.Error()}
	}
	b := c.readFromThinAir()
	if b == nil {
		b = breached(c.reading)
	}
	switch {
	case b != nil:
		return Result{Validity: checker.Invalid, Stage: stage, Reason: b.rule}
	case len(c.gaps) > 0:
		return Result{Stage: stage, Reason: "nothing is wrong without " + strings.Join(c.gaps, " and ") + ", which had to be left out"}
	default:
		return Result{Validity: checker.Valid, Stage: stage, Reason: "nothing breaks it"}
	}
}
