package audit

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/internal/audit/generate"
	"faultline/internal/audit/oracle"
	"faultline/recorded"
)

// spelling is a format in which a sample can be a file.
type spelling struct {
	name  string
	spell func(s sample) (text []byte, ok bool)
}

var spellings = []spelling{
	{"jsonl", func(s sample) ([]byte, bool) {
		text, err := generate.JSONLines(s.events)
		return text, err == nil
	}},
	{"edn", func(s sample) ([]byte, bool) { return generate.EDN(rand.New(rand.NewPCG(s.seed, 1)), s.events), true }},
	{"log", func(s sample) ([]byte, bool) { return generate.Log(rand.New(rand.NewPCG(s.seed, 2)), s.events) }},
}

// check asks package recorded about a file in a directory. The result is nil where the format has no spelling for the sample.
func check(dir string, sp spelling, s sample, o recorded.Options) (*recorded.Result, error) {
	text, ok := sp.spell(s)
	if !ok {
		return nil, nil
	}
	name := filepath.Join(dir, "history."+sp.name)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return nil, err
	}
	return recorded.Check(context.Background(), name, o)
}

// told are the options that leave nothing to guess.
func told(s sample) recorded.Options {
	o := recorded.Options{Check: s.bounds(), Model: s.model, Tuples: recorded.TuplesNever}
	if s.keyed() {
		o.Tuples = recorded.TuplesAlways
	}
	return o
}

// fromFile asks about a file.
func fromFile(dir string, sp spelling, s sample) opinion {
	o := judged(check(dir, sp, s, told(s)))
	o.part = s.succeeding(o.part)
	return o
}

// succeeding is a part without what package recorded makes of it where some function never succeeded: what is valid is unknown then, as the
// documentation says.
func (s sample) succeeding(part checker.Part) checker.Part {
	tried, ok := map[string]bool{}, map[string]bool{}
	for _, e := range s.events {
		if e.Process != oracle.Nemesis {
			tried[e.F], ok[e.F] = true, ok[e.F] || e.Type == oracle.OK
		}
	}
	never := slices.ContainsFunc(slices.Collect(maps.Keys(tried)), func(f string) bool { return !ok[f] })
	if part.Validity == checker.Unknown && never && strings.Contains(part.Reason, "so the history says little: ") {
		part.Validity = checker.Valid
	}
	return part
}

func judged(result *recorded.Result, err error) opinion {
	switch {
	case err != nil && refused(err):
		return opinion{none: true}
	case err != nil:
		return opinion{err: err}
	case result == nil:
		return opinion{none: true}
	}
	for _, p := range result.Verdict.Parts {
		if p.Name == checker.LinearizablePart {
			return opinion{part: p}
		}
	}
	return opinion{err: fmt.Errorf("nothing about linearizability: %s", result.Verdict.Reason)}
}

// refused tells that values are of kinds that do not go together in the model, as far as package recorded can see.
func refused(err error) bool { return strings.Contains(err.Error(), " those of a ") }

// guessed asks about a file without telling the model, nor whether there are keys.
func guessed(dir string, sp spelling, s sample) opinion {
	if s.initial.Kind() != oracle.None {
		return opinion{none: true} // what it means depends on the model
	}
	o := judged(check(dir, sp, s, recorded.Options{Check: s.bounds()}))
	o.none = o.none || o.err != nil || o.part.Validity == checker.Unknown // a guess may refuse
	return o
}

// guessDiffers says how a guess is wrong: it found a history invalid that a model that fits allows, or one valid that none
// of them does.
func guessDiffers(s sample, o opinion) string {
	if o.none {
		return ""
	}
	var allow []string
	for _, spec := range oracle.Specs() {
		if fits(spec, s) && len(sample{model: spec.Name, events: s.events}.invalidKeys()) == 0 {
			allow = append(allow, spec.Name)
		}
	}
	switch {
	case o.part.Validity == checker.Invalid && len(allow) > 0:
		return fmt.Sprintf("guessed %s, invalid; valid as %v", o.part.Model, allow)
	case o.part.Validity == checker.Valid && len(allow) == 0:
		return fmt.Sprintf("guessed %s, valid; invalid as any model that fits", o.part.Model)
	}
	return ""
}

func fits(spec oracle.Spec, s sample) bool {
	return !slices.ContainsFunc(oracle.Operations(s.events), func(op oracle.Operation) bool { return !spec.Fits(&op) })
}
