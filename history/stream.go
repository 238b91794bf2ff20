package history

import "fmt"

// Stream reads a history event by event, together with the operations that the events complete, and
// holds it to the rules. Only in histories of ours must time not run backwards; for others see Source.Warnings.
type Stream struct {
	source  *Source
	pairing Pairing
	event   Event
}

// NewStream reads what the source has not returned yet, which should be the whole history.
func NewStream(s *Source) *Stream {
	return &Stream{source: s, pairing: Pairing{anyTime: s.record != nil}}
}

// Next returns the next event and the operation that it completes, nil if it completes none. Both are
// good until the next call. After the last event the error is io.EOF; other errors name the file and
// the line, be it of what cannot be read or of what breaks a rule.
func (s *Stream) Next() (*Event, *Operation, error) {
	if err := s.source.next(&s.event); err != nil {
		return nil, nil, err
	}
	op, err := s.pairing.Add(&s.event)
	if err != nil {
		if disorder := s.source.disordered(); disorder != nil {
			return nil, nil, disorder
		}
		return nil, nil, fmt.Errorf("%s: line %d: %w", s.source.name, s.source.Line(), err)
	}
	return &s.event, op, nil
}

// Pending returns the operations that nothing has completed so far, in order of invocation.
func (s *Stream) Pending() []Operation { return s.pairing.Pending() }
