package audit

import (
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/internal/audit/oracle"
)

// byTime are the models for which times count, which most files do not have.
var byTime = map[string]bool{"bounded-staleness": true, "eventual": true}

// consistency asks for all consistency models, and returns those that the oracle finds broken.
func (a *audit) consistency(s sample, r *rand.Rand) []string {
	want := expected(s)
	a.askModels(s, want, "ladder", inLadder)
	if sp := spellings[r.IntN(len(spellings))]; r.IntN(4) == 0 {
		a.askModels(s, want, sp.name, func(s sample) map[string]ladder.Result { return a.ladderOfFile(sp, s) })
	}
	var broken []string
	for model, keeps := range want {
		if keeps == oracle.No {
			broken = append(broken, model)
		}
	}
	return broken
}

func (a *audit) askModels(s sample, want map[string]oracle.Answer, name string, judge func(sample) map[string]ladder.Result) {
	for model, result := range judge(s) {
		a.found(s, name+" "+model, modelDiffers(s, want, result), func(s sample) string {
			result, ok := judge(s)[model]
			if !ok {
				return ""
			}
			return modelDiffers(s, expected(s), result)
		})
	}
}

// expected are the oracle's answers, by model.
func expected(s sample) map[string]oracle.Answer {
	answers, h := map[string]oracle.Answer{}, s.asked()
	for _, m := range oracle.ConsistencyModels() {
		answers[m.Name] = m.Keeps(h)
	}
	return answers
}

// inLadder are the answers of package ladder, by model.
func inLadder(s sample) map[string]ladder.Result {
	answers := map[string]ladder.Result{}
	o := ladder.Options{Staleness: s.staleness(), Settled: s.settled(), Timeout: time.Minute}
	for _, r := range ladder.Check(s.operations(), ladder.Names(), o) {
		answers[r.Model] = r
	}
	return answers
}

// ladderOfFile are the answers for a file.
func (a *audit) ladderOfFile(sp spelling, s sample) map[string]ladder.Result {
	o := told(s)
	o.ConsistencyModels, o.Staleness = ladder.Names(), s.staleness()
	result, err := check(a.dir, sp, s, o)
	if err != nil && !refused(err) {
		return map[string]ladder.Result{"": {Reason: err.Error()}}
	}
	answers := map[string]ladder.Result{}
	if result != nil {
		for _, r := range result.Consistency {
			if !byTime[r.Model] {
				answers[r.Model] = r
			}
		}
	}
	return answers
}

// modelDiffers says in what the answer for a model differs from the oracle's. Unknown is right for histories
// of which the documentation says that they are not decided, and for eventual, where no key may have been read twice.
func modelDiffers(s sample, want map[string]oracle.Answer, r ladder.Result) string {
	switch {
	case r.Validity == checker.Unknown && r.Model == "bounded-staleness" && !s.timed():
		return ""
	case r.Validity == checker.Unknown && (!s.plain || r.Model == "eventual" || s.silent()):
		return ""
	case r.Validity == checker.Unknown:
		return "unknown: " + general(r.Reason)
	case want[r.Model] == oracle.Open:
		return ""
	case (r.Validity == checker.Valid) != (want[r.Model] == oracle.Yes):
		return r.Validity.String() + ", and the oracle says otherwise"
	case r.Validity == checker.Valid:
		return ""
	case r.Violation == nil:
		return "invalid without a violation"
	}
	return violationDiffers(s, r.Model, *r.Violation)
}

// violationDiffers says how a violation does not show what it should. For eventual that is a matter of the whole history,
// of which writes had returned.
func violationDiffers(s sample, model string, f checker.Finding) string {
	ops, d := involved(s, f)
	if d != "" || model == "eventual" {
		return d
	}
	h := s.asked()
	h.Operations = ops
	for _, m := range oracle.ConsistencyModels() {
		if m.Name == model && m.Keeps(h) == oracle.Yes {
			return "the violation is valid by itself"
		}
	}
	return ""
}
