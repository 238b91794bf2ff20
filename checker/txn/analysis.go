package txn

import (
	"cmp"
	"slices"
	"time"

	"faultline/checker"
	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/lists"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/internal/registers"
	"faultline/checker/txn/models"
	"faultline/history"
)

// analysis is what is found in a history.
type analysis struct {
	ops      []history.Operation
	record   *record.History
	data     data
	sessions []int32      // of each transaction, see sessions
	asked    models.Set   // that the history has to keep
	level    models.Level // up to which cycles were looked for
	initial  checker.Initial
	timeout  time.Duration
	memory   int64
	stop     <-chan struct{} // closed when the time is up

	examples   []example
	unsearched []graph.Unsearched
	// isSerial says that an order of the transactions in real time was found, once serialTried says that it was looked for.
	isSerial, serialTried bool
	// unacknowledged says that transactions of unknown outcome are on a cycle of writes.
	unacknowledged bool
	stages         []string   // the algorithms that decided
	broken         models.Set // models that are not kept, though no anomaly refutes them
}

// example is an anomaly that was found. Exactly one of the last three is there.
type example struct {
	anomaly string
	// alike are other anomalies that the same cycle is.
	alike  []string
	level  models.Level // at which its edges hold
	cycle  *graph.Cycle
	direct *direct.Anomaly
	circle *registers.Circle
}

// analyze looks for all anomalies that the models asked for are about, and some more. When stop is closed it goes on to
// no further search; it returns nil if there is nothing yet to search.
func analyze(model record.Model, ops []history.Operation, asked models.Set, o checker.Options, stop <-chan struct{}) *analysis {
	a := &analysis{ops: ops, record: record.New(model, ops, stop), asked: asked, level: models.Wanted(asked),
		initial: o.Initial, timeout: o.Timeout, memory: o.Memory, stop: stop}
	if a.record == nil {
		return nil
	}
	a.sessions = sessions(a.record)
	a.by("cycles")
	if model == record.ListAppend {
		a.data = &listData{Relation: lists.New(a.record), record: a.record}
	} else {
		begin(a.record, o.Initial)
		versions := registers.Infer(a.record, a.level, stop)
		if versions == nil {
			return nil
		}
		a.data = registerData{versions, a.record}
	}
	for _, d := range a.data.direct() {
		a.add(example{anomaly: string(d.Name), direct: &d})
	}
	a.searchAll()
	for _, c := range a.data.circles() {
		a.add(example{anomaly: "cyclic-versions" + c.Level.Suffix(), level: c.Level, circle: &c})
	}
	slices.SortStableFunc(a.examples, func(x, y example) int { return cmp.Compare(x.severity(), y.severity()) })
	return a
}

// by notes an algorithm that decided something.
func (a *analysis) by(stage string) {
	if !slices.Contains(a.stages, stage) {
		a.stages = append(a.stages, stage)
	}
}

// add keeps one example of each anomaly.
func (a *analysis) add(e example) {
	if !slices.ContainsFunc(a.examples, func(known example) bool { return known.anomaly == e.anomaly }) {
		a.examples = append(a.examples, e)
	}
}

// severity puts first what refutes most, and circles of versions last, as cycles of transactions tell more.
func (e *example) severity() int {
	switch {
	case fault(e.anomaly):
		return -len(models.Names()) - 1
	case e.circle != nil:
		return 1
	default:
		return -len(models.Refuted(e.anomaly).Names())
	}
}

// anomalies are the names of all that was found and says something of isolation.
func (a *analysis) anomalies() []string {
	var found []string
	for _, e := range a.examples {
		if !fault(e.anomaly) {
			found = append(found, e.anomaly)
		}
	}
	return found
}

// refuted are the models that the history does not keep.
func (a *analysis) refuted() models.Set {
	refuted := models.Stronger(a.broken)
	for _, e := range a.examples {
		if !fault(e.anomaly) {
			refuted |= e.refuted()
		}
	}
	return refuted
}

func (e *example) refuted() models.Set {
	return models.Refuted(append(e.alike, e.anomaly)...)
}

// redundant reports whether a cycle is no more than a case of something else that was found.
func (a *analysis) redundant(e *example) bool {
	return e.cycle != nil && slices.ContainsFunc(a.examples, func(other example) bool {
		return other.circle == nil && other.anomaly != e.anomaly && models.Covers(other.anomaly, e.anomaly) && e.refuted()&^other.refuted() == 0
	})
}
