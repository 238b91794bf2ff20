package ladder

import (
	"fmt"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// eventual compares the reads of each key that were invoked after all writes of it had returned and after everything was
// settled: whichever replica they asked, they must agree. An operation whose outcome is unknown may change a value even
// then, so two versions disagree only if the operations that wrote them had returned.
func (c *check) eventual() Result {
	switch {
	case c.bad != nil:
		return Result{Reason: c.bad.Error()}
	case c.options.Settled <= 0:
		return Result{Stage: stageReads, Reason: "it is not known since when everything was settled"}
	}
	var r Result
	if !c.clock.Within(func() { r = c.settledReads() }) {
		return Result{Stage: stageReads, Reason: "it met its bound on time"}
	}
	return r
}

func (c *check) settledReads() Result {
	last := map[string]int32{} // by key, the position at which its last write returned
	for i := range c.clock.UpTo(len(c.all)) {
		if o := &c.all[i]; o.F != "read" && o.Outcome == history.OK {
			last[o.Key] = max(last[o.Key], o.Returned)
		}
	}
	keys, late := map[string]*settled{}, c.late()
	for i := range c.clock.UpTo(len(c.all)) {
		o := &c.all[i]
		if o.F != "read" || o.Outcome != history.OK || o.Invoke < c.options.Settled || o.Invoked < last[o.Key] {
			continue
		}
		value := o.Output.String()
		k := keys[o.Key]
		if k == nil {
			k = &settled{value: value}
			keys[o.Key] = k
		}
		k.reads++
		k.differ = k.differ || value != k.value
		switch {
		case late[keyed{o.Key, value}]:
		case k.certain == 0:
			k.certain, k.first = 1, i
		case !c.all[k.first].Output.Equal(o.Output):
			return c.disagreement(k.first, i)
		default:
			k.certain++
		}
	}
	reads, judged := 0, 0
	for _, k := range keys {
		if n := k.agreeing(); n > 1 {
			reads, judged = reads+n, judged+1
		}
	}
	if judged == 0 {
		return Result{Stage: stageReads, Reason: "no key was read twice after everything was settled"}
	}
	return Result{Validity: checker.Valid, Stage: stageReads,
		Reason: fmt.Sprintf("%s of %s agree, after everything was settled", wording.Count(reads, "read"), wording.Count(judged, "key"))}
}

// settled is what the reads of a key saw in the end.
type settled struct {
	value   string // of the first one, as JSON
	reads   int
	differ  bool
	certain int // reads of values whose writes had returned
	first   int // position of the first of these
}

// agreeing is how many reads agree. Where they differ, only those of certain values must.
func (s *settled) agreeing() int {
	if s.differ {
		return s.certain
	}
	return s.reads
}

// keyed is a value of a key, as JSON.
type keyed struct{ key, value string }

// late are the values whose writes may take effect at any time.
func (c *check) late() map[keyed]bool {
	late := map[keyed]bool{}
	for i := range c.clock.UpTo(len(c.all)) {
		o := &c.all[i]
		if o.Outcome != history.Info || o.F == "read" {
			continue
		}
		put := o.Input
		if pair, ok := o.Input.List(); o.F == "cas" && ok && len(pair) == 2 {
			put = pair[1]
		}
		if o.F == "delete" {
			put = history.NilValue()
		}
		late[keyed{o.Key, put.String()}] = true
	}
	return late
}

// disagreement is the answer where two reads of a key saw different values.
func (c *check) disagreement(a, b int) Result {
	w := c.show([]int32{int32(a), int32(b)}, nil)
	w.Anomaly = "Disagreement"
	w.Sentence = fmt.Sprintf("%s and %s disagree after everything was settled", c.who(int32(a)), c.who(int32(b)))
	for _, i := range [...]int{a, b} {
		if node := c.all[i].Node(); node != "" {
			w.Sentence += fmt.Sprintf("; %s answered the %s", node, map[bool]string{true: "first", false: "second"}[i == a])
		}
	}
	return Result{Validity: checker.Invalid, Stage: stageReads, Reason: w.Sentence, Violation: w}
}
