package testing

// FaultlineCleanup does what is done when a test has ended: it cancels the context of the test and calls the functions that
// Cleanup was given. A test that goes on in a world ends there, as its functions do.
func FaultlineCleanup(t *T) { t.runCleanup(normalPanic) }
