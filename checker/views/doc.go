// Package views judges data that is kept in several forms, such as in an index and in a cache, see ops.UpdateViews.
//
//	prefix   a view has what the first records of the log make of nothing, as many as it says that it has applied
//	durable  an update that was acknowledged is in the log, at the offset that its client was told
//	sound    the log has no update that failed, or that nobody had begun when it was read
//	agreed   an offset of the log has one record, and in the end all views, near every node, have the same
//
// Views without a log (they do not say how much they have applied) can only be asked to agree. If no view was read once everything was
// healed, or one could not be, the answer is unknown; so it is if a view has applied more than anybody read of the log, or if what was
// acknowledged may still come, or a view may still apply what others have: every node has a minute to show it.
//
// Each value is written once.
package views
