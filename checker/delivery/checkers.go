package delivery

import (
	"context"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/intime"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// The names of the parts.
const (
	LogPart   = "log"
	WatchPart = "watch"
)

// Log asks whether logs keep what they acknowledged and show it to everybody, see ops.Send. Each key is a log.
func Log() checker.Checker { return asked{LogPart, logWords, logs, true} }

// Watch asks whether watches tell of every change, see ops.Watch.
func Watch() checker.Checker { return asked{WatchPart, watchWords, watched, true} }

// LogInProgress and WatchInProgress are Log and Watch for a history that does not tell when all was healed and settled. They do not ask
// whether what was acknowledged is there in the end.
func LogInProgress() checker.Checker   { return asked{LogPart, logWords, logs, false} }
func WatchInProgress() checker.Checker { return asked{WatchPart, watchWords, watched, false} }

// asked is a checker of feeds.
type asked struct {
	name  string
	words words
	split func([]history.Operation, *timebound.Clock) ([]*feed, []*together, error)
	ends  bool // there are readings of the end
}

func (a asked) Name() string { return a.name }

func (a asked) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, a.name, func(clock *timebound.Clock) checker.Part { return a.judge(in, clock) })
}

func (a asked) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: a.name}
	feeds, transactions, err := a.split(in.Operations, clock)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	var findings []checker.Finding
	delivered, readings, told := 0, 0, 0
	for _, f := range feeds {
		f.words, f.settled, f.ended, f.clock = a.words, in.Settled, a.ends, clock
		part.Objects++
		part.Operations += f.operations
		findings = append(findings, f.judge()...)
		delivered += f.delivered
		readings += len(f.readings)
		told += f.told()
	}
	broken, unknown := whole(transactions)
	if !a.ends {
		unknown = nil
	}
	findings = slices.Concat(broken, findings, unknown)
	switch {
	case part.Objects == 0:
		part.Reason = "nobody wrote anything"
		return part
	case a.ends:
		return part.Judged(findings, wording.Count(delivered, "acknowledged "+a.words.entry)+" reached every reader in order, once and whole")
	case told == 0 && len(findings) == 0:
		part.Reason = "nobody was told of anything, so the history says nothing"
		return part
	default:
		return part.Judged(findings, "what "+wording.Count(readings, "reading")+" told was written, in order, once and whole")
	}
}

// logs takes the logs of a history apart, by key.
func logs(all []history.Operation, clock *timebound.Clock) ([]*feed, []*together, error) {
	l := &partitioned{feeds: map[string]*feed{}}
	for i := range clock.UpTo(len(all)) {
		op, err := &all[i], error(nil)
		switch op.F {
		case ops.Send, ops.Fetch, ops.Poll:
			err = l.feed(op.Key).addToLog(op)
		case ops.SendAll, ops.Abandon:
			err = l.transaction(op)
		}
		if err != nil {
			return nil, nil, malformed(op, err)
		}
	}
	return l.sorted(), l.transactions, nil
}

// watched is what all changes and watches of a history have in common: one sequence of revisions.
func watched(all []history.Operation, clock *timebound.Clock) ([]*feed, []*together, error) {
	f := newFeed("", 1)
	for i := range clock.UpTo(len(all)) {
		if err := f.addToWatch(&all[i]); err != nil {
			return nil, nil, malformed(&all[i], err)
		}
	}
	if f.operations == 0 {
		return nil, nil, nil
	}
	return []*feed{f}, nil, nil
}
