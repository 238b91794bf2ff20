package export

import (
	"io"

	"faultline/cluster/report"
	"faultline/results"
)

// Perfetto writes a run as trace events in JSON, which Perfetto and Chrome show. Clients, nodes and the nemesis are
// processes:
//
//   - each process of the history is a thread of the clients, its operations slices;
//   - each node has a thread for its role, counters for its term and its log, and, if messages are given, threads for the
//     requests that it makes and that it serves, with a flow for each message that arrived;
//   - faults are asynchronous events, as they overlap.
//
// Perfetto has rules, and passes over what breaks them: slices of one thread nest, an asynchronous event that begins ends, a flow
// begins and ends within a slice. Requests that overlap are therefore on threads of their own, as many as are needed.
func Perfetto(w io.Writer, r *results.Run, messages []report.Message) error {
	ops, err := r.History.AllOperations()
	if err != nil {
		return err
	}
	t := newTimeline(r.TermWord())
	end := lastInstant(r, messages)
	t.faults(r.History.Faults())
	t.operations(ops, violations(r), end)
	for _, node := range nodesOf(r) {
		t.roles(node, &r.Report, end)
		t.progress(node, r)
	}
	t.messages(messages)
	return t.write(w)
}

// violations are the sentences that explain what is wrong, by the position of each operation that is involved.
func violations(r *results.Run) map[int]string {
	wrong := map[int]string{}
	for _, p := range r.Verdict.Parts {
		for _, f := range p.Findings {
			for _, op := range f.Operations {
				wrong[op.Invoked] = f.Sentence
			}
		}
	}
	return wrong
}
