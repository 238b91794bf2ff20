package history

// Stream reads a history event by event, together with the operations that the events complete, and
// holds it to the rules. Only in histories of ours must time not run backwards; for others see Source.Warnings.
type Stream struct {
	in      feed
	pairing Pairing
	event   Event
}

// feed is where a stream has its events from.
type feed interface {
	// next reads an event. The error is io.EOF after the last one.
	next(*Event) error
	// blame is the error for what breaks a rule: it says where that is, of the event read last.
	blame(error) error
}

// NewStream reads what the source has not returned yet, which should be the whole history.
func NewStream(s *Source) *Stream {
	return &Stream{in: s, pairing: Pairing{anyTime: s.record != nil}}
}

// Next returns the next event and the operation that it completes, nil if it completes none. Both are
// good until the next call. After the last event the error is io.EOF; other errors name the file and
// the line, or else the event, be it of what cannot be read or of what breaks a rule.
func (s *Stream) Next() (*Event, *Operation, error) {
	if err := s.in.next(&s.event); err != nil {
		return nil, nil, err
	}
	op, err := s.pairing.Add(&s.event)
	if err != nil {
		return nil, nil, s.in.blame(err)
	}
	return &s.event, op, nil
}

// Pending returns the operations that nothing has completed so far, in order of invocation.
func (s *Stream) Pending() []Operation { return s.pairing.Pending() }
