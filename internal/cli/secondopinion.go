package cli

import (
	"fmt"

	"github.com/spf13/pflag"

	"faultline/checker"
)

// secondOpinion is the value of the flag --porcupine.
type secondOpinion struct{ checker.SecondOpinion }

// smallKeys is how the flag spells what is the default.
const smallKeys = "small"

func (o *secondOpinion) register(flags *pflag.FlagSet) {
	flags.Var(o, "porcupine", "keys that porcupine also judges: small ones, all, or none")
}

func (o *secondOpinion) Type() string { return "keys" }

func (o *secondOpinion) String() string {
	if o.SecondOpinion == checker.SmallSecondOpinion {
		return smallKeys
	}
	return string(o.SecondOpinion)
}

func (o *secondOpinion) Set(text string) error {
	switch v := checker.SecondOpinion(text); {
	case text == smallKeys:
		o.SecondOpinion = checker.SmallSecondOpinion
	case v == checker.FullSecondOpinion || v == checker.NoSecondOpinion:
		o.SecondOpinion = v
	default:
		return fmt.Errorf("%s, %s or %s", smallKeys, checker.FullSecondOpinion, checker.NoSecondOpinion)
	}
	return nil
}
