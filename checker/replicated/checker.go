package replicated

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "replicated data type"

// Checker asks whether objects are what their types say, and agree in the end.
func Checker() checker.Checker {
	return perkey.Kind{Part: Part, Noun: "object", Begin: func() perkey.Judge { return &judge{} },
		Functions: []string{ops.Read, ops.Add, ops.Remove, ops.Write, ops.Put, ops.Insert, ops.Delete, ops.Move}}.Checker()
}

// judge judges objects, and counts what it was told.
type judge struct{ updates, answers int }

// Judge implements perkey.Judge.
func (j *judge) Judge(o *perkey.Object) []checker.Finding {
	object, unreadable := read(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	j.updates += len(object.updates)
	j.answers += len(object.answers)
	var findings []checker.Finding
	for _, rule := range []func() *checker.Finding{object.unknown, object.forgetful, object.acausal, object.wrong, object.disordered, object.diverged} {
		if f := rule(); f != nil {
			findings = append(findings, *f)
		}
	}
	if _, ends := o.LastPhase(); ends && len(findings) == 0 && object.due > 0 && object.finals == 0 {
		return []checker.Finding{o.Undecided(fmt.Sprintf("%s was updated, and not read in the end", o.Name), object.updates[0].op)}
	}
	return findings
}

// Held implements perkey.Judge.
func (j *judge) Held() (string, bool) {
	if j.updates == 0 || j.answers == 0 {
		return "no update and no answer tells anything", false
	}
	return fmt.Sprintf("%s follow from %s", wording.Count(j.answers, "answer"), wording.Count(j.updates, "update")), true
}
