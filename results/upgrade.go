package results

import (
	"encoding/json"
	"fmt"
	"strings"

	"faultline/checker"
)

// UnmarshalJSON reads a record of this version or of the one before.
func (r *record) UnmarshalJSON(b []byte) error {
	type plain record // without this method
	var version struct {
		Format int `json:"faultline_run"`
	}
	if err := json.Unmarshal(b, &version); err != nil {
		return err
	}
	switch version.Format {
	case recordFormat:
		return json.Unmarshal(b, (*plain)(r))
	case 1:
		var old struct {
			plain
			Verdict verdict1 `json:"verdict"`
		}
		err := json.Unmarshal(b, &old)
		*r = record(old.plain)
		r.Verdict = old.Verdict.upgraded()
		return err
	default:
		return fmt.Errorf("run format %d is not one that this program reads (1 to %d)", version.Format, recordFormat)
	}
}

// verdict1 is a verdict as version 1 stored it: with keys in place of findings, and where consistency models were asked for, with
// models in place of keys.
type verdict1 struct {
	Validity checker.Validity `json:"validity"`
	Reason   string           `json:"reason"`
	Parts    []struct {
		checker.Part
		Keys     int    `json:"keys"`
		NotValid []key1 `json:"not_valid"`
	} `json:"parts"`
}

type key1 struct {
	Key         string           `json:"key"`
	Validity    checker.Validity `json:"validity"`
	Reason      string           `json:"reason"`
	Operations  int              `json:"operations"`
	Explanation *struct {
		Sentence   string             `json:"sentence"`
		Picture    string             `json:"picture"`
		Operations []checker.Involved `json:"operations"`
	} `json:"explanation"`
}

func (v verdict1) upgraded() checker.Verdict {
	now := checker.Verdict{Validity: v.Validity, Reason: v.Reason}
	for _, old := range v.Parts {
		p := old.Part
		models := p.Name == checker.ConsistencyPart
		if !models {
			p.Objects = old.Keys
		}
		for _, k := range old.NotValid {
			p.Findings = append(p.Findings, k.upgraded(p.Name, models))
		}
		now.Parts = append(now.Parts, p)
	}
	return now
}

// upgraded is the finding that a key or a model stands for.
func (k key1) upgraded(part string, model bool) checker.Finding {
	f := checker.Finding{Rule: part, On: k.Key, Validity: k.Validity, Sentence: k.Reason, Total: k.Operations}
	if model {
		f.Rule, f.On = k.Key, ""
	}
	if k.Explanation == nil {
		return f
	}
	f.Sentence, f.Picture, f.Operations = k.Explanation.Sentence, k.Explanation.Picture, k.Explanation.Operations
	if model {
		f.Anomaly, _, _ = strings.Cut(k.Reason, ": ")
	}
	return f
}
