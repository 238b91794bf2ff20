// Package checker is the vocabulary of verdicts: what was asked of a run, what the answer is, and what shows it. The packages
// below it decide: linear and ladder judge what clients saw, system judges whether the cluster kept its own rules.
//
// Valid and invalid are facts about what was given. A checker that cannot decide within its bounds answers unknown, which is
// never a pass.
package checker

import "fmt"

// Validity is the answer to whether a history keeps a promise. The zero value is Unknown.
type Validity uint8

const (
	Unknown Validity = iota
	Valid
	Invalid
)

func (v Validity) String() string {
	switch v {
	case Valid:
		return "valid"
	case Invalid:
		return "invalid"
	default:
		return "unknown"
	}
}

// MarshalText makes a Validity its name in JSON.
func (v Validity) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (v *Validity) UnmarshalText(b []byte) error {
	for w := Unknown; w <= Invalid; w++ {
		if w.String() == string(b) {
			*v = w
			return nil
		}
	}
	return fmt.Errorf("verdict %q is not one of valid, invalid, unknown", b)
}

// Merge combines answers by the one rule there is: invalid beats unknown beats valid. Of no answers
// at all the merge is Unknown.
func Merge(vs ...Validity) Validity {
	if len(vs) == 0 {
		return Unknown
	}
	merged := Valid
	for _, v := range vs {
		switch {
		case v == Invalid:
			return Invalid
		case v == Unknown:
			merged = Unknown
		}
	}
	return merged
}
