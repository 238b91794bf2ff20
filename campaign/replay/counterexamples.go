package replay

import (
	"errors"
	"io"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/results"
	"faultline/workloads"
)

// Counterexamples checks the stored history again, and returns what shows that it is invalid, by key.
func (s *Run) Counterexamples(o checker.Options) ([]linear.Counterexample, error) {
	ops, err := history.Operations(s.Stored.History.Events)
	if err != nil {
		return nil, err
	}
	workload, ok := workloads.Open(s.Input.Spec.Workload, s.Input.Spec.Options)
	if !ok {
		return nil, errors.New("unknown workload " + s.Input.Spec.Workload)
	}
	_, examples := workload.Check(ops, o)
	return examples, nil
}

// Picture writes porcupine's page of a counterexample, with the faults beside it.
func (s *Run) Picture(w io.Writer, example *linear.Counterexample) error {
	return results.WritePicture(w, s.Stored, example)
}
