// Package export writes stored runs in the formats of other tools: Jepsen's EDN, Chrome's trace events as Perfetto
// reads them, ShiViz, CSV.
//
// The same run gives the same bytes. Nothing from a history breaks out of its place in a file: a value may be markup, a
// megabyte long or no text at all. Histories must keep the rules that history.Operations checks, and the messages of a run
// must come in the order of their numbers.
package export

import (
	"io"

	"faultline/results"
)

// EDN writes the history as Jepsen's history.edn, for Knossos and Elle. Read back it is the same history.
func EDN(w io.Writer, r *results.Run) error { return r.History.WriteEDN(w) }
