package replay

import (
	"io"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/results"
)

// Counterexamples are what shows that keys of the run are invalid.
func (s *Run) Counterexamples(o checker.Options) ([]linear.Counterexample, error) {
	return s.Stored.Counterexamples(o)
}

// Picture writes porcupine's page of a counterexample, with the faults below it.
func (s *Run) Picture(w io.Writer, example *linear.Counterexample) error {
	return results.WritePicture(w, s.Stored, example)
}
