package cluster

// RefusedError is why a system cannot be tested as it is, whatever the seed: it needs what there is not in a world. System.Start
// returns it, so no operation was done.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }
